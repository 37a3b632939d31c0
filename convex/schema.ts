import { defineSchema } from "convex/server";
import { toolgateTables } from "../src/data/tables";
import { erpTables } from "./erp/tables";

export default defineSchema({ ...toolgateTables, ...erpTables });
