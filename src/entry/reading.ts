/** The door for `reading.ts` of the glue. */
import { internalQueryGeneric } from "convex/server";
import type { Toolgate } from "../registry/toolgate";
import { reading } from "../run/reading";

/**
 * The query that runs the app's own queries, for tools, resources, prompts and completions. It has a module of its own, so that
 * Convex does not evaluate the code that admits and writes when a call only reads.
 *
 * @returns the export of `reading.ts`. The query does not check whether the caller may read; the admission does.
 */
export const readingModule = (app: Toolgate) => ({ read: internalQueryGeneric(reading(app)) });
