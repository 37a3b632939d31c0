/** Finds the row for an id that a caller sends. All tools go through here, so none can read a row of another tenant. */
import type { Doc } from "../_generated/dataModel";
import { fail } from "./fail";
import type { TenantQueryCtx } from "./functions";

const names = {
  customers: "customer",
  products: "product",
  orders: "order",
  invoices: "invoice",
} as const;

type OwnTable = keyof typeof names;

/**
 * Throws the one error for every wrong id. A caller must not learn whether an id is malformed, unknown, deleted or of another tenant.
 *
 * @throws ConvexError `not_found`
 */
export const notFound = (table: OwnTable): never => fail("not_found", `No such ${names[table]}.`);

/**
 * The row with this id in the caller's tenant.
 *
 * @throws ConvexError `not_found` for any other id, whatever is wrong with it.
 */
export const ownRow = async <Table extends OwnTable>(
  ctx: TenantQueryCtx,
  table: Table,
  id: string,
): Promise<Doc<Table>> => {
  const rowId = ctx.db.normalizeId(table, id);
  const row: Doc<Table> | null = rowId && (await ctx.db.get(table, rowId));
  return row !== null && row.tenantId === ctx.tenant._id ? row : notFound(table);
};
