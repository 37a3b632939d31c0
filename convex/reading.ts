/** Runs what is only read. Apart from gate.ts, so that a read need not evaluate what admits and writes. */
import type { Explains } from "../src/run/explain";
import { reading } from "../src/run/reading";
import { internal } from "./_generated/api";
import { internalQuery } from "./_generated/server";
import { surface } from "./surface";

const functions: Explains = internal;

export const read = internalQuery(reading(surface, functions));
