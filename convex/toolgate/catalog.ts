/** Describes the tools for `tools/list`. List here every module with a function that tools.ts binds to a tool. */
import { catalogModule } from "../../src/entry/catalog";
import * as customers from "../erp/customers";
import * as imports from "../erp/imports";
import * as invoices from "../erp/invoices";
import * as orders from "../erp/orders";
import * as payments from "../erp/payments";
import * as periods from "../erp/periods";
import * as products from "../erp/products";
import * as reports from "../erp/reports";
import * as stock from "../erp/stock";
import { app } from "./tools";

export const { list, explain } = catalogModule(app, {
  "erp/customers": customers,
  "erp/imports": imports,
  "erp/invoices": invoices,
  "erp/orders": orders,
  "erp/payments": payments,
  "erp/periods": periods,
  "erp/products": products,
  "erp/reports": reports,
  "erp/stock": stock,
});
