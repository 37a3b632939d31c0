/** The tables of the deployment: those of the gate and those of the app. */
import { defineSchema } from "convex/server";
import { toolgateTables } from "../src/entry/tables";
import { erpTables } from "./erp/tables";

export default defineSchema({ ...toolgateTables, ...erpTables });
