import { defineSchema } from "convex/server";
import { toolgateTables } from "../src/tables";
import { erpTables } from "./erp/tables";

export default defineSchema({ ...toolgateTables, ...erpTables });
