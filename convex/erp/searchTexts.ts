/**
 * Keeps what is searched of a tenant's rows: their texts, in shards. A search reads all of them, and so it is complete, whatever the
 * words and the script. They are a small part of the rows themselves: 5,000 customers have some 500 KB of texts.
 *
 * Convex's own search indexes cannot page to the end: they read 1,024 rows at most, take a beginning only of the last word, and look at
 * 16 words that begin so.
 */
import type { Doc, Id } from "../_generated/dataModel";
import type { TenantMutationCtx, TenantQueryCtx } from "./functions";
import { searchable } from "./textSearch";

/** The tables that are searched. */
export type SearchedTable = Doc<"searchShards">["table"];

/** The texts of one row. */
export type RowTexts = Doc<"searchShards">["rows"][number];

/**
 * The shards of a table and tenant. Calls that write at once seldom meet in one. A row of Convex holds 8,192 texts, and a query may read
 * 16 MiB: some 150,000 rows can be searched.
 */
const SHARDS = 32;

const shardOf = (id: string): number =>
  Array.from(id).reduce((hash, sign) => (hash * 31 + sign.charCodeAt(0)) % 65_521, 7) % SHARDS;

/**
 * Keeps the texts of a row that is new or has changed.
 *
 * @param texts - as people write them; `texts[0]` and so on have the same meaning in all rows of a table.
 */
export const keepTexts = async <Table extends SearchedTable>(
  ctx: TenantMutationCtx,
  table: Table,
  id: Id<Table>,
  texts: readonly string[],
): Promise<void> => {
  const shard = shardOf(id);
  const { tenant, principal } = ctx;
  const found = await ctx.db
    .query("searchShards")
    .withIndex("by_tenant_table_shard", (q) =>
      q.eq("tenantId", tenant._id).eq("table", table).eq("shard", shard),
    )
    .unique();
  const others = (found?.rows ?? []).filter((row) => row.id !== id);
  const rows = [...others, { id, texts: texts.map((text) => searchable(text)) }];
  const { operation } = principal;
  if (found === null)
    await ctx.db.insert("searchShards", { tenantId: tenant._id, table, shard, rows, operation });
  else await ctx.db.patch("searchShards", found._id, { rows, operation });
};

/** The texts of all rows of a table that are the tenant's, in the form of textSearch.ts. */
export const textsOf = async (ctx: TenantQueryCtx, table: SearchedTable): Promise<RowTexts[]> => {
  const shards = await ctx.db
    .query("searchShards")
    .withIndex("by_tenant_table_shard", (q) => q.eq("tenantId", ctx.tenant._id).eq("table", table))
    .take(SHARDS);
  return shards.flatMap(({ rows }) => rows);
};
