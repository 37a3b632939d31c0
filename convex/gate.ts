/** The internal functions behind the chain of checks. */
import type { JobStart } from "../src/jobs/start";
import { admission, type Settings } from "../src/admission";
import { reading } from "../src/execute";
import { internal } from "./_generated/api";
import { internalMutation, internalQuery } from "./_generated/server";
import { gate } from "./chain";
import { tools } from "./tools";

const jobs: JobStart = { run: internal.worker.run, expire: internal.jobs.expire };

const settings: Settings = { tools, explain: internal.catalog.explain, jobs };

/** Decides on a call, runs it if its tool is a mutation, and writes the audit row: one transaction. */
export const admit = internalMutation(admission(gate, settings));

/** Runs a query tool. */
export const read = internalQuery(reading(settings));
