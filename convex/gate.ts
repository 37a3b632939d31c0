/** The internal function behind the chain of checks. */
import { admission, type Settings } from "../src/gate/admission";
import { internal } from "./_generated/api";
import { internalMutation } from "./_generated/server";
import { gate } from "./chain";
import { surface } from "./surface";

const settings: Settings = { registry: surface, functions: internal };

/** Decides on a call, runs it if its tool is a mutation, and writes the audit row: one transaction. */
export const admit = internalMutation(admission(gate, settings));
