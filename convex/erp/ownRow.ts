/** The one way from an id that a caller sent to a row. */
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

/** A malformed, unknown or deleted id and one of another tenant must not be told apart, so they share one error. */
export const notFound = (table: OwnTable): never => fail("not_found", `No such ${names[table]}.`);

/**
 * The caller's row with this id.
 *
 * @throws ConvexError `not_found`, the same for every reason why there is no such row.
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
