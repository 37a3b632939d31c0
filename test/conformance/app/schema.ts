import { defineSchema } from "convex/server";
import { toolgateTables } from "../../../src/data/tables";

export default defineSchema(toolgateTables);
