/** What `tools/list` answers. The only module that imports the tools' modules: name here every module that tools.ts binds. */
import { explaining, listing } from "../src/catalog/catalog";
import { internalQuery } from "./_generated/server";
import * as customers from "./erp/customers";
import * as imports from "./erp/imports";
import * as invoices from "./erp/invoices";
import * as orders from "./erp/orders";
import * as payments from "./erp/payments";
import * as periods from "./erp/periods";
import * as products from "./erp/products";
import * as reports from "./erp/reports";
import * as stock from "./erp/stock";
import * as jobTools from "./jobTools";
import { tools } from "./tools";

const modules = {
  "erp/customers": customers,
  "erp/imports": imports,
  "erp/invoices": invoices,
  "erp/orders": orders,
  "erp/payments": payments,
  "erp/periods": periods,
  "erp/products": products,
  "erp/reports": reports,
  "erp/stock": stock,
  jobTools,
};

export const list = internalQuery(listing({ tools, modules }));

export const explain = internalQuery(explaining({ tools, modules }));
