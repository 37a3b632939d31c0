import { adminModule } from "toolgate/admin";
import { app } from "./tools";

export const glue = adminModule(app);
