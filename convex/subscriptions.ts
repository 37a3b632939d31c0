/** What a caller could see change. Apart from gate.ts, and as light: a stream asks here again and again. */
import { watching } from "../src/subscriptions/changes";
import { internalQuery } from "./_generated/server";
import { surface } from "./surface";

export const changes = internalQuery(watching(surface));
