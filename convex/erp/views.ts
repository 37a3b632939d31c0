/** The views of the ERP: pages that clients show beside what a tool returns. They hold no data, so they are the same for every tenant. */
import { v } from "convex/values";
import { internalQuery } from "../_generated/server";
import * as pages from "./viewPages";

const serve = (text: string) =>
  internalQuery({
    args: {},
    returns: v.object({ text: v.string() }),
    handler: () => ({ text }),
  });

/** An order or an invoice. An order can be confirmed and cancelled there. */
export const order = serve(pages.order);

/** A sales summary: its totals, and the products that sold best. */
export const sales = serve(pages.sales);
