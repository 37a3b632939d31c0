/** Runs what is only read. Apart from gate.ts, so that a read need not evaluate what admits and writes. */
import { reading } from "../src/reading";
import type { Explains } from "../src/functionArgs";
import { internal } from "./_generated/api";
import { internalQuery } from "./_generated/server";
import { surface } from "./surface";

const functions: Explains = internal;

export const read = internalQuery(reading(surface, functions));
