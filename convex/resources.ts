/** What clients may read by URI: one line per resource or family of them. */
import { completer, resource, type Resources } from "../src/registry/resources";
import { internal } from "./_generated/api";
import type { Permission } from "./permissions";

const markdown = { principal: true, mimeType: "text/markdown" } as const;

// prettier-ignore
export const resources: Resources<Permission> = {
  "erp://overview": () => resource(internal.erp.documents.overview, { permission: "reports:read", ...markdown, name: "overview", description: "The company at a glance." }),
  "erp://products/{sku}": () => resource(internal.erp.documents.productSheet, { permission: "products:read", ...markdown, name: "product sheet", description: "A product with its price and stock, by article number.", complete: { sku: completer(internal.erp.completions.skus, true) } }),
  "erp://invoices/{number}": () => resource(internal.erp.documents.invoice, { permission: "invoices:read", ...markdown, name: "invoice", description: "An invoice with its lines, by number.", complete: { number: completer(internal.erp.completions.invoiceNumbers, true) } }),
};
