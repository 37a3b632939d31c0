/** What a caller could see change, as in the ERP. */
import { watching } from "../../../src/run/changes";
import { internalQuery } from "./server";
import { surface } from "./surface";

export const changes = internalQuery(watching(surface));
