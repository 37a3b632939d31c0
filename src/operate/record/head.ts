/** The newest seal, for keeping elsewhere: a log that was cut off after it no longer has it. */
import { v } from "convex/values";
import { newestSeal } from "../../auth/newestSeal";
import { sameHash } from "../../auth/pepper";
import { checkingKeys } from "../../auth/sealKeys";
import { refuse } from "../../base/refuse";
import {
  gateReader,
  type GateDataModel,
  type GateQueryCtx,
  type GateReader,
} from "../../data/database";
import { readWithin } from "../../data/meter";
import { unsealed } from "../../data/seals";
import { iso, type Fault } from "./faults";

const FORM = /^(\d{1,15})\.([\w-]{43})$/;

/** Rows that wait are counted up to here, and so are seals of one number. */
const COUNTED = 100;

/** The most bytes that are read of either. */
const BYTES = 2_000_000;

interface Head {
  readonly seq: number;
  readonly mac: string;
}

/** @throws ConvexError `invalid_arguments` for a head that is none. */
export const readHead = (head: string): Head => {
  const [, seq, mac] = FORM.exec(head) ?? [];
  return seq === undefined || mac === undefined
    ? refuse("invalid_arguments", "head: expected the head that `audit head` has printed")
    : { seq: Number(seq), mac };
};

export const headFaults = async (db: GateReader, { seq, mac }: Head): Promise<Fault[]> => {
  const seals = db.query("toolgateSeals").withIndex("by_seq", (q) => q.eq("seq", seq));
  const read = await readWithin({ left: BYTES }, seals, COUNTED);
  const kept = read.find((seal) => sameHash(seal.mac, mac));
  if (kept !== undefined) return [];
  const { seal: last } = await newestSeal(db, checkingKeys(), Date.now());
  const end = last === null ? "there are no seals" : `the newest seal is ${String(last.seq)}`;
  const place = `seal ${String(seq)} is not there as it was kept: what followed the seal before it may be cut off or replaced; ${end}`;
  return [{ kind: "head_missing", place, seal: seq }];
};

/**
 * The definition of `auditHead`: the newest seal, and what waits for the next one. Rows older than a few minutes wait only if nothing seals
 * them: the cron does not run, or the environment has no usable key.
 */
export const auditHead = {
  args: {},
  returns: v.object({
    /** The newest seal as a line: its number and its signature. Null if there is none. */
    head: v.union(v.string(), v.null()),
    /** When it was made, and the creation time of the newest row in it, in ISO 8601. */
    at: v.optional(v.string()),
    sealedTo: v.optional(v.string()),
    /** The id of its key. */
    key: v.optional(v.string()),
    /** Rows that are old enough for a seal and have none: how many, up to 100, and since when. */
    waiting: v.object({ rows: v.number(), since: v.optional(v.string()) }),
  }),
  handler: async <Model extends GateDataModel>(ctx: GateQueryCtx<Model>) => {
    const db = gateReader(ctx);
    const now = Date.now();
    const { seal: last } = await newestSeal(db, checkingKeys(), now);
    const rows = await readWithin({ left: BYTES }, unsealed(db, last, now), COUNTED);
    const since = rows[0] && { since: iso(rows[0]._creationTime) };
    const waiting = { rows: rows.length, ...since };
    if (last === null) return { head: null, waiting };
    const { seq, mac, at, to, key } = last;
    const head = `${String(seq)}.${mac}`;
    return { head, at: iso(at), sealedTo: iso(to), key, waiting };
  },
};
