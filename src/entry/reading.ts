/** For `reading.ts` of the glue. */
import { internalQueryGeneric } from "convex/server";
import type { Toolgate } from "../registry/toolgate";
import { reading } from "../run/reading";

/** The query behind everything that is only read. A module of its own, so that a read need not evaluate what admits and writes. */
export const readingModule = (app: Toolgate) => ({ read: internalQueryGeneric(reading(app)) });
