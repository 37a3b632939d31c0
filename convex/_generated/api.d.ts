/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as audit from "../audit.js";
import type * as catalog from "../catalog.js";
import type * as chain from "../chain.js";
import type * as crons from "../crons.js";
import type * as erp_billing from "../erp/billing.js";
import type * as erp_completions from "../erp/completions.js";
import type * as erp_confirmation from "../erp/confirmation.js";
import type * as erp_counters from "../erp/counters.js";
import type * as erp_cursor from "../erp/cursor.js";
import type * as erp_customerFields from "../erp/customerFields.js";
import type * as erp_customerRows from "../erp/customerRows.js";
import type * as erp_customers from "../erp/customers.js";
import type * as erp_demoData from "../erp/demoData.js";
import type * as erp_documents from "../erp/documents.js";
import type * as erp_exactlyOne from "../erp/exactlyOne.js";
import type * as erp_fail from "../erp/fail.js";
import type * as erp_fields from "../erp/fields.js";
import type * as erp_functions from "../erp/functions.js";
import type * as erp_imports from "../erp/imports.js";
import type * as erp_invoiceShape from "../erp/invoiceShape.js";
import type * as erp_invoices from "../erp/invoices.js";
import type * as erp_jsonLines from "../erp/jsonLines.js";
import type * as erp_money from "../erp/money.js";
import type * as erp_orderShape from "../erp/orderShape.js";
import type * as erp_orderSteps from "../erp/orderSteps.js";
import type * as erp_orders from "../erp/orders.js";
import type * as erp_ownRow from "../erp/ownRow.js";
import type * as erp_pages from "../erp/pages.js";
import type * as erp_payments from "../erp/payments.js";
import type * as erp_periodSums from "../erp/periodSums.js";
import type * as erp_periods from "../erp/periods.js";
import type * as erp_products from "../erp/products.js";
import type * as erp_prompts from "../erp/prompts.js";
import type * as erp_reports from "../erp/reports.js";
import type * as erp_seed from "../erp/seed.js";
import type * as erp_stock from "../erp/stock.js";
import type * as erp_stockLedger from "../erp/stockLedger.js";
import type * as erp_tables from "../erp/tables.js";
import type * as erp_tenants from "../erp/tenants.js";
import type * as erp_terms from "../erp/terms.js";
import type * as erp_textSearch from "../erp/textSearch.js";
import type * as gate from "../gate.js";
import type * as http from "../http.js";
import type * as jobTools from "../jobTools.js";
import type * as jobs from "../jobs.js";
import type * as keys from "../keys.js";
import type * as permissions from "../permissions.js";
import type * as prompts from "../prompts.js";
import type * as questions from "../questions.js";
import type * as reading from "../reading.js";
import type * as resources from "../resources.js";
import type * as roles from "../roles.js";
import type * as subscriptions from "../subscriptions.js";
import type * as surface from "../surface.js";
import type * as tools from "../tools.js";
import type * as worker from "../worker.js";

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";

declare const fullApi: ApiFromModules<{
  audit: typeof audit;
  catalog: typeof catalog;
  chain: typeof chain;
  crons: typeof crons;
  "erp/billing": typeof erp_billing;
  "erp/completions": typeof erp_completions;
  "erp/confirmation": typeof erp_confirmation;
  "erp/counters": typeof erp_counters;
  "erp/cursor": typeof erp_cursor;
  "erp/customerFields": typeof erp_customerFields;
  "erp/customerRows": typeof erp_customerRows;
  "erp/customers": typeof erp_customers;
  "erp/demoData": typeof erp_demoData;
  "erp/documents": typeof erp_documents;
  "erp/exactlyOne": typeof erp_exactlyOne;
  "erp/fail": typeof erp_fail;
  "erp/fields": typeof erp_fields;
  "erp/functions": typeof erp_functions;
  "erp/imports": typeof erp_imports;
  "erp/invoiceShape": typeof erp_invoiceShape;
  "erp/invoices": typeof erp_invoices;
  "erp/jsonLines": typeof erp_jsonLines;
  "erp/money": typeof erp_money;
  "erp/orderShape": typeof erp_orderShape;
  "erp/orderSteps": typeof erp_orderSteps;
  "erp/orders": typeof erp_orders;
  "erp/ownRow": typeof erp_ownRow;
  "erp/pages": typeof erp_pages;
  "erp/payments": typeof erp_payments;
  "erp/periodSums": typeof erp_periodSums;
  "erp/periods": typeof erp_periods;
  "erp/products": typeof erp_products;
  "erp/prompts": typeof erp_prompts;
  "erp/reports": typeof erp_reports;
  "erp/seed": typeof erp_seed;
  "erp/stock": typeof erp_stock;
  "erp/stockLedger": typeof erp_stockLedger;
  "erp/tables": typeof erp_tables;
  "erp/tenants": typeof erp_tenants;
  "erp/terms": typeof erp_terms;
  "erp/textSearch": typeof erp_textSearch;
  gate: typeof gate;
  http: typeof http;
  jobTools: typeof jobTools;
  jobs: typeof jobs;
  keys: typeof keys;
  permissions: typeof permissions;
  prompts: typeof prompts;
  questions: typeof questions;
  reading: typeof reading;
  resources: typeof resources;
  roles: typeof roles;
  subscriptions: typeof subscriptions;
  surface: typeof surface;
  tools: typeof tools;
  worker: typeof worker;
}>;

/**
 * A utility for referencing Convex functions in your app's public API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;

/**
 * A utility for referencing Convex functions in your app's internal API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = internal.myModule.myFunction;
 * ```
 */
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;

export declare const components: {};
