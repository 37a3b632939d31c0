import { workerModule } from "toolgate/worker";
import { app } from "./tools";

export const glue = workerModule(app);
