/** The tables behind the proof of the audit log. Times are in ms since 1970. */
import { defineTable } from "convex/server";
import { v } from "convex/values";

/** Table name → definition. */
export const recordTables = {
  /**
   * Seals: each names the audit rows of a stretch of time and what they were, and the seal before it. `mac` is HMAC-SHA-256 under `key`, which
   * the environment holds. So whoever can write to the database can change rows and seals, but not make them fit each other again.
   */
  toolgateSeals: defineTable({
    /** From 1, without gaps. */
    seq: v.number(),
    /** The id of the key. */
    key: v.string(),
    /** The creation times of the rows are after the first and up to the second. `after` is the `to` of the seal before. */
    after: v.number(),
    to: v.number(),
    count: v.number(),
    /** The SHA-256 of what `toolgateSealedRows` says of its rows. */
    digest: v.string(),
    /** The `mac` of the seal before; empty in the first one. */
    previous: v.string(),
    at: v.number(),
    mac: v.string(),
    /** Set when retention has removed the rows. */
    removed: v.optional(v.object({ at: v.number(), key: v.string(), mac: v.string() })),
    /** Set when retention could not tell which rows of the seal it may remove: they stay, and it looks again a week later. */
    stays: v.optional(v.object({ at: v.number(), key: v.string(), mac: v.string() })),
  })
    .index("by_seq", ["seq"])
    .index("by_removedAt_staysAt_seq", ["removed.at", "stays.at", "seq"]),

  /** What the rows under a seal were: of each its creation time, and the SHA-256 of all of it. Deleted when retention removes the rows. */
  toolgateSealedRows: defineTable({
    seal: v.id("toolgateSeals"),
    rows: v.array(v.object({ id: v.id("toolgateAudit"), at: v.number(), digest: v.string() })),
  }).index("by_seal", ["seal"]),
};
