/** What a caller could see change. Apart from gate.ts: a stream asks here again and again, and needs nothing of what admits. */
import { watching } from "../src/run/changes";
import { internalQuery } from "./_generated/server";
import { surface } from "./surface";

export const changes = internalQuery(watching(surface));
