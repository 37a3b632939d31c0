/** The internal functions behind the chain of checks. */
import { admission, type Settings } from "../src/admission";
import { watching } from "../src/subscriptions/changes";
import { internal } from "./_generated/api";
import { internalMutation, internalQuery } from "./_generated/server";
import { gate } from "./chain";
import { surface } from "./surface";

const settings: Settings = { surface, functions: internal };

/** Decides on a call, runs it if its tool is a mutation, and writes the audit row: one transaction. */
export const admit = internalMutation(admission(gate, settings));

/** What a caller could see change, for streams that wait for it. */
export const changes = internalQuery(watching(surface));
