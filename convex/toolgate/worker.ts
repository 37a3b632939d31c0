/** Runs long operations. */
import { workerModule } from "../../src/entry/worker";
import { app } from "./tools";

export const { run } = workerModule(app);
