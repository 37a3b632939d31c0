/** Reads the audit log. */
import { v, type Infer } from "convex/values";
import {
  gateReader,
  type Doc,
  type GateDataModel,
  type GateQueryCtx,
  type GateReader,
} from "../data/database";
import { refuse } from "../base/refuse";
import { auditFields } from "../data/auditFields";
import { auditOutcomeValidator } from "../data/values";
import { pageFields, requireLimit, type PageRequest } from "./page";

const filters = {
  tenant: v.optional(v.string()),
  keyId: v.optional(v.string()),
  tool: v.optional(v.string()),
  outcome: v.optional(auditOutcomeValidator()),
  operation: v.optional(v.string()),
  /** ISO 8601, with a zone: from the first on, and before the second. */
  since: v.optional(v.string()),
  until: v.optional(v.string()),
  oldestFirst: v.optional(v.boolean()),
};

type Filters = {
  tenant?: string;
  keyId?: string;
  tool?: string;
  outcome?: Infer<ReturnType<typeof auditOutcomeValidator>>;
  operation?: string;
  since?: string;
  until?: string;
  oldestFirst?: boolean;
};

const entryValidator = v.object({
  id: v.string(),
  /** ISO 8601, UTC. */
  at: v.string(),
  ...auditFields(),
});

/** A row of the audit log, as operators read it. */
export type AuditEntry = Infer<typeof entryValidator>;

const toEntry = ({ _id, _creationTime, at, ...row }: Doc<"toolgateAudit">): AuditEntry => ({
  ...row,
  id: _id,
  at: new Date(at).toISOString(),
});

type Row = Doc<"toolgateAudit">;

/** Where a page ends: the last row that was looked at. */
interface Position {
  readonly time: number;
  readonly id: string;
}

const CURSOR = /^(\d+(?:\.\d+)?)_(\S+)$/;

/** @throws ConvexError `bad_cursor` */
const positionOf = (cursor: string | undefined): Position | undefined => {
  if (cursor === undefined) return undefined;
  const [, time, id] = CURSOR.exec(cursor) ?? [];
  if (time === undefined || id === undefined)
    return refuse("bad_cursor", "cursor: expected nextCursor of the page before");
  return { time: Number(time), id };
};

const cursorOf = ({ _creationTime, _id }: Row): string => `${String(_creationTime)}_${_id}`;

const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** @throws ConvexError `invalid_arguments` that names the field */
const timeOf = (name: "since" | "until", text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const time = ISO.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time)
    ? refuse("invalid_arguments", `${name}: expected a time such as 2026-11-29T14:00:00Z`)
    : time;
};

/** Later than any row. */
const FOREVER = Number.MAX_SAFE_INTEGER;

/** A stretch of time, from `since` on and before `until`; and the side from which a page goes on, if it is not the first. */
const boundsOf = ({ since, until, oldestFirst }: Filters, from: Position | undefined) => {
  const [first, end] = [timeOf("since", since) ?? 0, timeOf("until", until) ?? FOREVER];
  if (from === undefined) return { first, end, last: FOREVER };
  return oldestFirst === true
    ? { first: Math.max(first, from.time), end, last: FOREVER }
    : { first, end, last: from.time };
};

/** The index that finds the fewest rows, each with the times after its own field. */
const indexed = (db: GateReader, filter: Filters, from: Position | undefined) => {
  const { first, end, last } = boundsOf(filter, from);
  const { operation, keyId, tenant, outcome } = filter;
  const rows = db.query("toolgateAudit");
  type Times<B> = { gte: (field: "_creationTime", time: number) => B };
  type Ends<E> = { lt: (field: "_creationTime", time: number) => E; lte: Ends<E>["lt"] };
  const within = <E>(range: Times<Ends<E>>): E => {
    const begun = range.gte("_creationTime", first);
    return end <= last ? begun.lt("_creationTime", end) : begun.lte("_creationTime", last);
  };
  if (operation !== undefined)
    return rows.withIndex("by_operation", (q) => within(q.eq("operation", operation)));
  if (keyId !== undefined) return rows.withIndex("by_keyId", (q) => within(q.eq("keyId", keyId)));
  if (tenant !== undefined)
    return rows.withIndex("by_tenant", (q) => within(q.eq("tenant", tenant)));
  return outcome === undefined
    ? rows.withIndex("by_creation_time", (q) => within(q))
    : rows.withIndex("by_outcome", (q) => within(q.eq("outcome", outcome)));
};

const FIELDS = ["operation", "keyId", "tenant", "outcome", "tool"] as const;

const fits = (row: Row, filter: Filters): boolean =>
  FIELDS.every((name) => filter[name] === undefined || row[name] === filter[name]);

/** The most rows that a page looks at. */
const SCANNED = 500;

/**
 * Goes through the rows behind a position. Rows can have the same time: those at the position are passed over up to its own; if that is
 * gone meanwhile, they come again.
 */
const isPast = (from: Position | undefined, isThere: boolean) => {
  let past = from === undefined || !isThere;
  return ({ _creationTime, _id }: Row): boolean => {
    if (past || _creationTime !== from?.time) return (past = true);
    past = _id === from.id;
    return false;
  };
};

const isThere = async (db: GateReader, from: Position | undefined): Promise<boolean> => {
  const id = from && db.normalizeId("toolgateAudit", from.id);
  return id !== undefined && id !== null && (await db.get("toolgateAudit", id)) !== null;
};

export interface Page {
  entries: AuditEntry[];
  nextCursor: string | null;
  scanned: number;
  /** The cursor behind the last row that was looked at, also if there are no more for now. */
  position: string | null;
}

const readRows = async (db: GateReader, filter: Filters, limit: number, cursor?: string) => {
  const from = positionOf(cursor);
  const isNew = isPast(from, await isThere(db, from));
  const rows = indexed(db, filter, from).order(filter.oldestFirst === true ? "asc" : "desc");
  const page: Page = { entries: [], nextCursor: null, scanned: 0, position: cursor ?? null };
  for await (const row of rows) {
    if (!isNew(row)) continue;
    if (page.entries.length === limit || page.scanned === SCANNED)
      return { ...page, nextCursor: page.position };
    page.scanned++;
    page.position = cursorOf(row);
    if (fits(row, filter)) page.entries.push(toEntry(row));
  }
  return page;
};

/**
 * The definition of `listAudit`: a page of rows, newest first unless `oldestFirst`. Any filters can be joined: one of them has an index, and
 * for the others a page looks at 500 rows at most. So a page may have few rows or none and still be followed by another.
 *
 * It throws ConvexError `invalid_arguments` for a limit out of range and a time that is none, and `bad_cursor`.
 */
export const listAudit = {
  args: { ...filters, ...pageFields },
  returns: v.object({
    entries: v.array(entryValidator),
    nextCursor: v.union(v.string(), v.null()),
    /** How many rows were looked at. */
    scanned: v.number(),
    /** The cursor behind the last of them, also on the last page: rows that come later are behind it too, if the oldest come first. */
    position: v.union(v.string(), v.null()),
  }),
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { limit, cursor, ...filter }: Filters & PageRequest,
  ): Promise<Page> => readRows(gateReader(ctx), filter, requireLimit(limit), cursor),
};
