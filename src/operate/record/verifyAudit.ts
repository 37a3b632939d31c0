/** Checks the audit log against its seals. */
import { v } from "convex/values";
import type { Pepper } from "../../auth/pepper";
import { checkingKeys } from "../../auth/sealKeys";
import { refuse } from "../../base/refuse";
import {
  gateReader,
  type GateDataModel,
  type GateQueryCtx,
  type GateReader,
} from "../../data/database";
import { sealedRows, type Seal } from "../../data/seals";
import { compareRows } from "./compareRows";
import { START, step, type Standing } from "./chain";
import { faultValidator, iso, rowFault, sealFault, type Fault } from "./faults";
import { headFaults } from "./head";

/** Where the next page begins: at the seals with this number, of which some were seen. */
interface Place {
  readonly seq: number;
  readonly seen: number;
  readonly standing: Standing;
}

const FIRST: Place = { seq: 0, seen: 0, standing: START };

/** @throws ConvexError `bad_cursor` */
const placeOf = (cursor: string | undefined): Place => {
  if (cursor === undefined) return FIRST;
  try {
    const place = JSON.parse(cursor) as Partial<Place>;
    if (typeof place.seq === "number" && typeof place.standing?.next === "number")
      return { ...FIRST, ...place };
  } catch {
    // Below.
  }
  return refuse("bad_cursor", "cursor: expected nextCursor of the page before");
};

const sealsFrom = async (db: GateReader, { seq, seen }: Place, limit: number): Promise<Seal[]> => {
  const seals = await db
    .query("toolgateSeals")
    .withIndex("by_seq", (q) => q.gte("seq", seq))
    .take(limit + seen);
  return seals.slice(seen);
};

const placeAfter = ({ seq, seen }: Place, seals: readonly Seal[], standing: Standing): Place => {
  const last = seals.at(-1)?.seq ?? seq;
  const alike = seals.filter((seal) => seal.seq === last).length;
  return { seq: last, seen: last === seq ? seen + alike : alike, standing };
};

const MOST = 10;

const limitOf = (limit = 5): number =>
  Number.isInteger(limit) && limit >= 1 && limit <= MOST
    ? limit
    : refuse("invalid_arguments", `limit: expected an integer from 1 to ${String(MOST)}`);

interface Checked {
  rows: number;
  seals: number;
  removed: number;
}

/** Checks a seal and, if it is good, its rows. */
const checkSeal = async (
  db: GateReader,
  keys: readonly Pepper[],
  before: Standing,
  seal: Seal,
): Promise<{ faults: Fault[]; standing: Standing; checked: Partial<Checked> }> => {
  const rows = (await sealedRows(db, seal))?.rows;
  const { faults: ofSeal, standing, isGood } = await step(keys, before, seal, rows);
  const faults = ofSeal.map((fault) => sealFault(seal, fault));
  if (!isGood) return { faults, standing, checked: {} };
  const ofRows = (await compareRows(db, seal, rows)).map((fault) => rowFault(seal, fault));
  const checked = rows === undefined ? { removed: seal.count } : { rows: seal.count };
  return { faults: [...faults, ...ofRows], standing, checked };
};

type Verify = { cursor?: string; limit?: number; head?: string };

/**
 * The definition of `verifyAudit`: a page of seals, oldest first, each checked with its rows. A page reads at most 300 rows per seal.
 *
 * What it cannot find is in docs/security.md: the newest two minutes have no seal, who holds the environment's secrets can make seals, and
 * the end of the log can be cut off with its seals, unless `head` was kept elsewhere.
 *
 * It throws ConvexError `invalid_arguments` for a bad limit or head, and `bad_cursor`.
 */
export const verifyAudit = {
  args: {
    cursor: v.optional(v.string()),
    /** Seals, 1 to 10. Default: 5. */
    limit: v.optional(v.number()),
    /** A `head` that `auditHead` gave: the seal must still be there, as it was. Checked on the first page. */
    head: v.optional(v.string()),
  },
  returns: v.object({
    faults: v.array(faultValidator()),
    /** On this page. `removed`: rows that retention had removed, whose seals are still in the chain. */
    checked: v.object({ rows: v.number(), seals: v.number(), removed: v.number() }),
    /** The creation time up to which rows are checked, in ISO 8601; null if there is no good seal. */
    sealedTo: v.union(v.string(), v.null()),
    nextCursor: v.union(v.string(), v.null()),
  }),
  handler: async <Model extends GateDataModel>(ctx: GateQueryCtx<Model>, request: Verify) => {
    const { cursor, head } = request;
    const [db, keys, limit] = [gateReader(ctx), checkingKeys(), limitOf(request.limit)];
    const place = placeOf(cursor);
    let { standing } = place;
    const checked = { rows: 0, seals: 0, removed: 0 };
    const faults = head === undefined || cursor !== undefined ? [] : await headFaults(db, head);
    const seals = await sealsFrom(db, place, limit);
    for (const seal of seals) {
      const found = await checkSeal(db, keys, standing, seal);
      ({ standing } = found);
      faults.push(...found.faults);
      checked.seals++;
      checked.rows += found.checked.rows ?? 0;
      checked.removed += found.checked.removed ?? 0;
    }
    return {
      ...{ faults, checked },
      sealedTo: standing.good === null ? null : iso(standing.good.to),
      nextCursor: seals.length < limit ? null : JSON.stringify(placeAfter(place, seals, standing)),
    };
  },
};
