/** Runs the queries of tools, resources, prompts and completions. */
import { readingModule } from "../../src/entry/reading";
import { app } from "./tools";

export const { read } = readingModule(app);
