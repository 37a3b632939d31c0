/** The tables that are searched, what is searched in them, and the indexes by which a search reads them. */
import type { PaginationOptions, PaginationResult } from "convex/server";
import type { Doc } from "../_generated/dataModel";
import type { TenantQueryCtx } from "./functions";
import { marksOf, searchable } from "./textSearch";

/** An index of rows by one of their names. */
interface NameIndex<Row> {
  readonly nameOf: (row: Row) => string;
  /** The rows of one name that were created at `since` or later, in the order of their creation. */
  readonly same: (ctx: TenantQueryCtx, name: string, since: number) => AsyncIterable<Row>;
}

/** A table that is searched. */
export interface Searched<Row> {
  readonly names: readonly NameIndex<Row>[];
  /** The rows that have all marks, without those that have the whole query as a name; the newest first. */
  readonly marked: (
    ctx: TenantQueryCtx,
    query: { readonly whole: string; readonly marks: readonly string[] },
    page: PaginationOptions,
  ) => Promise<PaginationResult<Row>>;
}

/** What a row keeps for searches. */
const kept = (name: string, other: string) => {
  const searchText = searchable(name, other);
  return { searchName: searchable(name), searchText, searchMarks: marksOf(searchText) };
};

/** What a customer's row keeps for searches. */
export const customerSearch = ({ name, email }: Pick<Doc<"customers">, "name" | "email">) =>
  kept(name, email);

export const searchedCustomers: Searched<Doc<"customers">> = {
  names: [
    {
      nameOf: ({ searchName }) => searchName,
      same: ({ db, tenant }, name, since) =>
        db
          .query("customers")
          .withIndex("by_tenant_searchName", (q) =>
            q.eq("tenantId", tenant._id).eq("searchName", name).gte("_creationTime", since),
          ),
    },
  ],
  marked: ({ db, tenant }, { whole, marks }, page) =>
    db
      .query("customers")
      .withIndex("by_tenant", (q) => q.eq("tenantId", tenant._id))
      .order("desc")
      // No index finds words. What the filter leaves out is read, but does not come here.
      // eslint-disable-next-line @convex-dev/no-filter-in-query
      .filter((q) =>
        q.and(
          ...marks.map((mark) => q.eq(q.field(`searchMarks.${mark}`), true)),
          q.neq(q.field("searchName"), whole),
        ),
      )
      .paginate(page),
};

/** What a product's row keeps for searches. */
export const productSearch = ({ sku, name }: Pick<Doc<"products">, "sku" | "name">) => ({
  ...kept(name, sku),
  searchSku: searchable(sku),
});

export const searchedProducts: Searched<Doc<"products">> = {
  names: [
    {
      nameOf: ({ searchSku }) => searchSku,
      same: ({ db, tenant }, sku, since) =>
        db
          .query("products")
          .withIndex("by_tenant_searchSku", (q) =>
            q.eq("tenantId", tenant._id).eq("searchSku", sku).gte("_creationTime", since),
          ),
    },
    {
      nameOf: ({ searchName }) => searchName,
      same: ({ db, tenant }, name, since) =>
        db
          .query("products")
          .withIndex("by_tenant_searchName", (q) =>
            q.eq("tenantId", tenant._id).eq("searchName", name).gte("_creationTime", since),
          ),
    },
  ],
  marked: ({ db, tenant }, { whole, marks }, page) =>
    db
      .query("products")
      .withIndex("by_tenant", (q) => q.eq("tenantId", tenant._id))
      .order("desc")
      // No index finds words. What the filter leaves out is read, but does not come here.
      // eslint-disable-next-line @convex-dev/no-filter-in-query
      .filter((q) =>
        q.and(
          ...marks.map((mark) => q.eq(q.field(`searchMarks.${mark}`), true)),
          ...[q.neq(q.field("searchSku"), whole), q.neq(q.field("searchName"), whole)],
        ),
      )
      .paginate(page),
};
