/** Runs the queries of tools, resources, prompts and completions. (toolgate 0.2.0) */
import { readingModule } from "toolgate/reading";
import { app } from "./tools";
export const { read } = readingModule(app);
