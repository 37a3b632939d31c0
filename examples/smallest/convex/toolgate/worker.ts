/** Runs a long operation as a job. (toolgate 0.2.0) */
import { workerModule } from "toolgate/worker";
import { app } from "./tools";
export const { run } = workerModule(app);
