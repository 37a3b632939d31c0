/** What the chart shows: `sales_summary` of the ERP. */
import type { FunctionReturnType } from "convex/server";
import type { internal } from "../../convex/_generated/api";

export type Summary = FunctionReturnType<(typeof internal)["erp"]["reports"]["salesSummary"]>;
export type Product = Summary["topProducts"][number];

export const isSummary = (value: object): value is Summary =>
  "topProducts" in value &&
  Array.isArray(value.topProducts) &&
  "byStatus" in value &&
  Array.isArray(value.byStatus);
