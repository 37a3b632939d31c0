import { jobsModule } from "toolgate/jobs";
import { app } from "./tools";

export const glue = jobsModule(app);
