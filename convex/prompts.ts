/** Prompts: one line each. */
import { prompt, type Prompts } from "../src/registry/prompts";
import { completer } from "../src/registry/resources";
import { internal } from "./_generated/api";
import type { Permission } from "./permissions";

// prettier-ignore
export const prompts: Prompts<Permission> = {
  dunning_letter: () => prompt(internal.erp.prompts.dunning, { permission: "invoices:read", principal: true, title: "Payment reminder", description: "Draft a reminder about a customer's open invoices.", arguments: { customer: { description: "The customer's name.", required: true, complete: completer(internal.erp.completions.customers, true) } } }),
  order_review: () => prompt(internal.erp.prompts.orderReview, { permission: "orders:read", principal: true, title: "Order review", description: "Go through the newest orders of one state.", arguments: { status: { description: "draft, confirmed, invoiced or cancelled; draft unless given.", complete: completer(internal.erp.completions.orderStates, true) } } }),
};
