/** Runs a long operation as a job. */
import { workerModule } from "../../src/entry/worker";
import { app } from "./tools";

export const { run } = workerModule(app);
