/** Keeps the documents that clients publish of themselves, so that not every sign-in fetches them. */
import { v } from "convex/values";
import type { GateQuery, GateTx } from "../data/database";

/** The most documents that are kept. The one that was fetched first goes out. */
const MAX_DOCUMENTS = 500;

/** The part of a client's document that counts. */
export type ClientDocument = { readonly name: string; readonly redirectUris: readonly string[] };

export type KnownDocument = {
  /** Absent if the client has no usable document, or none was asked for. */
  readonly document?: ClientDocument;
  readonly isFresh: boolean;
  /** Whether it was fetched before, with or without success. */
  readonly isKnown: boolean;
  /** How many documents were fetched in the last minute. */
  readonly recentFetches: number;
};

export type KeepDocument = {
  readonly url: string;
  readonly document?: ClientDocument;
  readonly freshForMs: number;
};

const withUrl = (db: GateQuery["db"], url: string) =>
  db
    .query("toolgateClientDocuments")
    .withIndex("by_url", (q) => q.eq("url", url))
    .unique();

/** The definition of the query `document`. */
export const document = {
  get args() {
    return { url: v.string() };
  },
  handler: async ({ db }: GateQuery, { url }: { url: string }): Promise<KnownDocument> => {
    const now = Date.now();
    const row = await withUrl(db, url);
    const recent = await db
      .query("toolgateClientDocuments")
      .withIndex("by_fetchedAt", (q) => q.gt("fetchedAt", now - 60_000))
      .take(100);
    return {
      ...(row?.document && { document: row.document }),
      isFresh: row !== null && row.freshUntil > now,
      isKnown: row !== null,
      recentFetches: recent.length,
    };
  },
};

const makeRoom = async ({ db }: GateTx): Promise<void> => {
  const rows = await db
    .query("toolgateClientDocuments")
    .withIndex("by_fetchedAt")
    .take(MAX_DOCUMENTS);
  const [oldest] = rows;
  if (oldest && rows.length === MAX_DOCUMENTS)
    await db.delete("toolgateClientDocuments", oldest._id);
};

/** The definition of `keepDocument`. Without `document` it keeps that the client has none. */
export const keepDocument = {
  get args() {
    const document = v.object({ name: v.string(), redirectUris: v.array(v.string()) });
    return { url: v.string(), document: v.optional(document), freshForMs: v.number() };
  },
  handler: async (tx: GateTx, { url, document: kept, freshForMs }: KeepDocument): Promise<null> => {
    const fetchedAt = Date.now();
    const own = kept && { document: { ...kept, redirectUris: [...kept.redirectUris] } };
    const row = { url, ...own, fetchedAt, freshUntil: fetchedAt + freshForMs };
    const before = await withUrl(tx.db, url);
    if (before === null) {
      await makeRoom(tx);
      await tx.db.insert("toolgateClientDocuments", row);
    } else await tx.db.replace("toolgateClientDocuments", before._id, row);
    return null;
  },
};
