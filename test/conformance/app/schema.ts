import { defineSchema } from "convex/server";
import { toolgateTables } from "../../../src/tables";

export default defineSchema(toolgateTables);
