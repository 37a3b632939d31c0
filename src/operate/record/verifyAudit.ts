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
import { spend } from "../../data/meter";
import type { Seal } from "../../data/seals";
import { compareRows } from "./compareRows";
import { step, type Standing } from "./chain";
import { faultValidator, iso, markFault, rowFault, sealFault, type Fault } from "./faults";
import { headFaults, readHead } from "./head";
import { isLate, lateFaults, type LateSeal } from "./late";
import { outsideFaults } from "./outside";
import { cursorAfter, placeOf, sealsAfter, standingAt } from "./place";
import { inspect, wrongMarks } from "./seal";

/** The most bytes that are read for one seal, and by when a page ends: together they stay below what Convex lets a query read. */
const SEAL_BYTES = 8_000_000;
const PAGE_BYTES = 3_000_000;
const OUTSIDE_BYTES = 1_000_000;

/** A page ends after so many seals or faults, whatever their rows are. */
const SEALS = 300;
const FAULTS = 500;

const MOST = 1_000;

const limitOf = (limit = 500): number =>
  Number.isInteger(limit) && limit >= 1 && limit <= MOST
    ? limit
    : refuse("invalid_arguments", `limit: expected an integer from 1 to ${String(MOST)}`);

/** What a page has found so far. */
interface Page {
  readonly faults: Fault[];
  readonly checked: { rows: number; seals: number; removed: number };
  readonly late: LateSeal[];
  /** Up to this number, seals were there when the head was kept. */
  readonly keptTo: number;
  standing: Standing;
  bytes: number;
}

const isFull = ({ faults, checked, bytes }: Page, limit: number): boolean =>
  checked.rows >= limit || checked.seals >= SEALS || faults.length >= FAULTS || bytes >= PAGE_BYTES;

/** Checks a seal and, if it is good, its rows. */
const checkSeal = async (
  db: GateReader,
  keys: readonly Pepper[],
  page: Page,
  seal: Seal,
): Promise<void> => {
  const meter = { left: SEAL_BYTES };
  spend(meter, seal);
  const { condition, list } = await inspect(db, keys, seal, meter);
  const { faults, standing, isGood } = step(page.standing, seal, condition);
  page.standing = standing;
  page.faults.push(...faults.map((fault) => sealFault(seal, fault)));
  const marks = await wrongMarks(keys, seal, list);
  page.faults.push(...marks.map((mark) => markFault(seal, mark)));
  page.checked.seals++;
  if (isGood) {
    const ofRows = await compareRows(db, seal, list?.rows ?? [], meter);
    page.faults.push(...ofRows.map((fault) => rowFault(seal, fault)));
    const one = { seal, since: list?.rows[0]?.at ?? seal.at };
    if (seal.seq > page.keptTo && isLate(one)) page.late.push(one);
    page.checked[list === null ? "removed" : "rows"] += seal.count;
  }
  page.bytes += SEAL_BYTES - meter.left;
};

/** Checks what no seal tells, on the first page: that the kept one is there, and that no row stands where none is written. */
const checkEnds = async (
  db: GateReader,
  page: Page,
  head: ReturnType<typeof readHead> | undefined,
): Promise<void> => {
  if (head !== undefined) page.faults.push(...(await headFaults(db, head)));
  const meter = { left: OUTSIDE_BYTES };
  page.faults.push(...(await outsideFaults(db, Date.now(), meter)));
  page.bytes += OUTSIDE_BYTES - meter.left;
};

type Verify = { cursor?: string; limit?: number; head?: string };

/**
 * The definition of `verifyAudit`: a page of seals, oldest first, each checked with its rows. It is bounded in rows, seals, bytes and faults,
 * whatever somebody has put into the database.
 *
 * What it cannot find is in docs/security.md: the newest rows have no seal, who holds the environment's secrets can make seals, and
 * the end of the log can be cut off with its seals, unless `head` was kept elsewhere.
 *
 * It throws ConvexError `invalid_arguments` for a bad limit or head, and `bad_cursor`.
 */
export const verifyAudit = {
  args: {
    cursor: v.optional(v.string()),
    /** A page ends with the seal that reaches so many rows, 1 to 1,000. Default: 500. */
    limit: v.optional(v.number()),
    /** A `head` that `auditHead` gave: the seal must still be there, as it was, which the first page checks. None up to it counts as late. */
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
    const { cursor } = request;
    const head = request.head === undefined ? undefined : readHead(request.head);
    const [db, keys, limit] = [gateReader(ctx), checkingKeys(), limitOf(request.limit)];
    const place = placeOf(cursor);
    const checked = { rows: 0, seals: 0, removed: 0 };
    const began = { faults: [], late: [], keptTo: head?.seq ?? 0, bytes: 0 };
    const page: Page = { ...began, checked, standing: standingAt(place) };
    if (place === null) await checkEnds(db, page, head);
    let nextCursor: string | null = null;
    for await (const seal of sealsAfter(db, place)) {
      await checkSeal(db, keys, page, seal);
      if (!isFull(page, limit)) continue;
      nextCursor = cursorAfter(seal, page.standing);
      break;
    }
    const { standing } = page;
    const faults = [...page.faults, ...lateFaults(page.late)];
    const sealedTo = standing.good === null ? null : iso(standing.good.to);
    return { faults, checked, sealedTo, nextCursor };
  },
};
