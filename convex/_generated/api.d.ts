/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";
import type * as crons from "../crons.js";
import type * as erp_approvals from "../erp/approvals.js";
import type * as erp_billing from "../erp/billing.js";
import type * as erp_completions from "../erp/completions.js";
import type * as erp_confirmation from "../erp/confirmation.js";
import type * as erp_currencies from "../erp/currencies.js";
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
import type * as erp_icon from "../erp/icon.js";
import type * as erp_imports from "../erp/imports.js";
import type * as erp_invoiceNumber from "../erp/invoiceNumber.js";
import type * as erp_invoiceShape from "../erp/invoiceShape.js";
import type * as erp_invoices from "../erp/invoices.js";
import type * as erp_jsonLines from "../erp/jsonLines.js";
import type * as erp_markdown from "../erp/markdown.js";
import type * as erp_money from "../erp/money.js";
import type * as erp_namedCustomer from "../erp/namedCustomer.js";
import type * as erp_only from "../erp/only.js";
import type * as erp_orderNumber from "../erp/orderNumber.js";
import type * as erp_orderShape from "../erp/orderShape.js";
import type * as erp_orderSteps from "../erp/orderSteps.js";
import type * as erp_orders from "../erp/orders.js";
import type * as erp_ownRow from "../erp/ownRow.js";
import type * as erp_pages from "../erp/pages.js";
import type * as erp_payments from "../erp/payments.js";
import type * as erp_periodLocks from "../erp/periodLocks.js";
import type * as erp_periodSums from "../erp/periodSums.js";
import type * as erp_periods from "../erp/periods.js";
import type * as erp_products from "../erp/products.js";
import type * as erp_prompts from "../erp/prompts.js";
import type * as erp_reports from "../erp/reports.js";
import type * as erp_search from "../erp/search.js";
import type * as erp_searchTexts from "../erp/searchTexts.js";
import type * as erp_seed from "../erp/seed.js";
import type * as erp_stock from "../erp/stock.js";
import type * as erp_stockLedger from "../erp/stockLedger.js";
import type * as erp_tables from "../erp/tables.js";
import type * as erp_tenants from "../erp/tenants.js";
import type * as erp_terms from "../erp/terms.js";
import type * as erp_textSearch from "../erp/textSearch.js";
import type * as erp_viewPages from "../erp/viewPages.js";
import type * as erp_views from "../erp/views.js";
import type * as http from "../http.js";
import type * as toolgate_admin from "../toolgate/admin.js";
import type * as toolgate_catalog from "../toolgate/catalog.js";
import type * as toolgate_chain from "../toolgate/chain.js";
import type * as toolgate_connect from "../toolgate/connect.js";
import type * as toolgate_gate from "../toolgate/gate.js";
import type * as toolgate_jobs from "../toolgate/jobs.js";
import type * as toolgate_reading from "../toolgate/reading.js";
import type * as toolgate_tools from "../toolgate/tools.js";
import type * as toolgate_worker from "../toolgate/worker.js";

/**
 * A utility for referencing Convex functions in your app's API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
declare const fullApi: ApiFromModules<{
  crons: typeof crons;
  "erp/approvals": typeof erp_approvals;
  "erp/billing": typeof erp_billing;
  "erp/completions": typeof erp_completions;
  "erp/confirmation": typeof erp_confirmation;
  "erp/currencies": typeof erp_currencies;
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
  "erp/icon": typeof erp_icon;
  "erp/imports": typeof erp_imports;
  "erp/invoiceNumber": typeof erp_invoiceNumber;
  "erp/invoiceShape": typeof erp_invoiceShape;
  "erp/invoices": typeof erp_invoices;
  "erp/jsonLines": typeof erp_jsonLines;
  "erp/markdown": typeof erp_markdown;
  "erp/money": typeof erp_money;
  "erp/namedCustomer": typeof erp_namedCustomer;
  "erp/only": typeof erp_only;
  "erp/orderNumber": typeof erp_orderNumber;
  "erp/orderShape": typeof erp_orderShape;
  "erp/orderSteps": typeof erp_orderSteps;
  "erp/orders": typeof erp_orders;
  "erp/ownRow": typeof erp_ownRow;
  "erp/pages": typeof erp_pages;
  "erp/payments": typeof erp_payments;
  "erp/periodLocks": typeof erp_periodLocks;
  "erp/periodSums": typeof erp_periodSums;
  "erp/periods": typeof erp_periods;
  "erp/products": typeof erp_products;
  "erp/prompts": typeof erp_prompts;
  "erp/reports": typeof erp_reports;
  "erp/search": typeof erp_search;
  "erp/searchTexts": typeof erp_searchTexts;
  "erp/seed": typeof erp_seed;
  "erp/stock": typeof erp_stock;
  "erp/stockLedger": typeof erp_stockLedger;
  "erp/tables": typeof erp_tables;
  "erp/tenants": typeof erp_tenants;
  "erp/terms": typeof erp_terms;
  "erp/textSearch": typeof erp_textSearch;
  "erp/viewPages": typeof erp_viewPages;
  "erp/views": typeof erp_views;
  http: typeof http;
  "toolgate/admin": typeof toolgate_admin;
  "toolgate/catalog": typeof toolgate_catalog;
  "toolgate/chain": typeof toolgate_chain;
  "toolgate/connect": typeof toolgate_connect;
  "toolgate/gate": typeof toolgate_gate;
  "toolgate/jobs": typeof toolgate_jobs;
  "toolgate/reading": typeof toolgate_reading;
  "toolgate/tools": typeof toolgate_tools;
  "toolgate/worker": typeof toolgate_worker;
}>;
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;
