/** The app with its demo data, and short ways to ask for what is no tool. */
import { internal } from "../../convex/_generated/api";
import { counting, newApp } from "./app";
import { issueKey, newBackend, post, rows, type Backend, type Reply } from "./gate";
import { modernHeaders, modernMessage } from "./speak";

/** The app, with the names of the functions that its requests call pushed to `calls`. */
export const newCountedBackend = (calls: string[]): Backend => newApp({ front: counting(calls) });

/** The app with its demo data and a key of each kind that these tests tell apart. */
export const newDemo = async (t: Backend = newBackend()) => {
  process.env.TOOLGATE_LIMIT_SCALE = "100000";
  await t.mutation(internal.erp.seed.demo, {});
  const keyOf = async (args: Parameters<typeof issueKey>[1] = {}) => (await issueKey(t, args)).key;
  return {
    t,
    keys: {
      admin: await keyOf(),
      globex: await keyOf({ tenant: "globex" }),
      viewer: await keyOf({ role: "viewer" }),
      warehouse: await keyOf({ role: "warehouse" }),
      toolsOnly: await keyOf({ tools: ["products_get", "invoices_get"] }),
    },
  };
};

/** The rows that `work` adds to the audit log. */
export const audited = async (t: Backend, work: () => Promise<unknown>) => {
  const before = (await rows(t, "toolgateAudit")).length;
  await work();
  return (await rows(t, "toolgateAudit")).slice(before);
};

/** A tenant's rows of a table. */
export const rowsOf = async <Table extends "products" | "invoices" | "orders" | "customers">(
  t: Backend,
  table: Table,
  slug = "acme",
) => {
  const tenant = (await rows(t, "tenants")).find((one) => one.slug === slug)!;
  return (await rows(t, table)).filter(({ tenantId }) => tenantId === tenant._id);
};

/** A request of 2026-07-28 with `Mcp-Name` as given. */
export const modernNamed = (
  t: Backend,
  key: string,
  method: string,
  params: object,
  name?: string,
): Promise<Reply> => post(t, key, modernMessage(method, params), modernHeaders(method, name));

/** Headers take ASCII; other names are sent as base64 (MCP 2026-07-28, transports). */
export const asHeader = (name: string): string =>
  /^[\x21-\x7e]*$/.test(name) ? name : `=?base64?${Buffer.from(name, "utf8").toString("base64")}?=`;
