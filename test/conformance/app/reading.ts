/** Runs what is only read, as in the ERP. */
import type { Explains } from "../../../src/run/explain";
import { reading } from "../../../src/run/reading";
import { internal, internalQuery } from "./server";
import { surface } from "./surface";

const functions: Explains = internal;

export const read = internalQuery(reading(surface, functions));
