/** Two tenants with demo data and a key each, and what is whose. */
import { beforeAll, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import type { Doc } from "../../../convex/_generated/dataModel";
import { issueKey, newServer, post, rows, type Backend } from "../../support/gate";

export type Schema = Record<string, unknown>;

export let t: Backend;

/** Lets what is below ask another server. */
export const serveFrom = (server: Backend): void => {
  t = server;
};

export const keys: Record<string, string> = {};
export const tenants = ["acme", "globex"] as const;
/** Jobs are of a subject: the key's, unless it was issued for another. */
export const subjects: Record<string, string> = {};
export const owner: Record<string, string> = {};
export let inputSchemas: Record<string, Schema>;

beforeAll(async () => {
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1000");
  t = await newServer({ demo: true });
  for (const tenant of tenants) {
    const { key, subject } = await issueKey(t, { tenant });
    keys[tenant] = key;
    subjects[tenant] = subject;
  }
  for (const { _id, slug } of await rows(t, "tenants")) owner[_id] = slug;
  const catalog = await t.query(internal.toolgate.catalog.list, {});
  inputSchemas = Object.fromEntries(
    catalog.map(({ name, text }) => [
      name,
      (JSON.parse(text) as { inputSchema: Schema }).inputSchema,
    ]),
  );
});

export const ownRows = async <Table extends "customers" | "products" | "orders" | "invoices">(
  table: Table,
  tenant: string,
): Promise<Doc<Table>[]> =>
  (await rows(t, table)).filter(({ tenantId }) => owner[tenantId] === tenant);

/** What a call is answered, to the byte, but for the operation of the call. */
export const raw = async (tenant: string, name: string, args: unknown) => {
  const { status, headers, text } = await post(t, keys[tenant], {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name, arguments: args },
  });
  const operation = /("toolgate\/operation":")[\da-f-]{36}"/;
  return { status, headers: [...headers], text: text.replace(operation, '$1…"') };
};
