/**
 * When a key or a connection was last used. For queries only: it reads audit rows that every call writes. A mutation that read them, such
 * as the revocation of a key under attack, would conflict with every call.
 *
 * Only rows of calls with the right secret have a subject. Rows of operators and of failed authentication have none.
 */
import type { GateReader } from "../data/database";

/** The time of a key's newest call, in ms since 1970; undefined if there is none. */
export const lastUseOfKey = async (db: GateReader, keyId: string): Promise<number | undefined> => {
  const row = await db
    .query("toolgateAudit")
    .withIndex("by_keyId_subject", (q) => q.eq("keyId", keyId).gt("subject", ""))
    .order("desc")
    .first();
  return row?.at;
};

/** The time of a connection's newest call or renewal of its tokens, in ms since 1970; undefined if there is none. */
export const lastUseOfGrant = async (
  db: GateReader,
  grantId: string,
): Promise<number | undefined> => {
  const row = await db
    .query("toolgateAudit")
    .withIndex("by_grantId_subject", (q) => q.eq("grantId", grantId).gt("subject", ""))
    .order("desc")
    .first();
  return row?.at;
};
