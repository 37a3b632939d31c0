/** Runs what is only read. */
import { readingModule } from "../../src/entry/reading";
import { app } from "./tools";

export const { read } = readingModule(app);
