import { readingModule } from "toolgate/reading";
import { app } from "./tools";

export const glue = readingModule(app);
