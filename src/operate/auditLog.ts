/** Reads the audit log. */
import { v, type Infer } from "convex/values";
import {
  gateReader,
  type Doc,
  type GateDataModel,
  type GateQueryCtx,
  type GateReader,
} from "../data/database";
import { pageFields, readPage, type PageRequest } from "./page";
import { refuse } from "../base/refuse";
import { auditOutcomeValidator } from "../data/values";

const filters = {
  tenant: v.optional(v.string()),
  keyId: v.optional(v.string()),
  outcome: v.optional(auditOutcomeValidator()),
  operation: v.optional(v.string()),
};

type Filters = {
  tenant?: string;
  keyId?: string;
  outcome?: Infer<ReturnType<typeof auditOutcomeValidator>>;
  operation?: string;
};

const entryValidator = v.object({
  id: v.string(),
  /** ISO 8601, UTC. */
  at: v.string(),
  operation: v.optional(v.string()),
  original: v.optional(v.string()),
  method: v.string(),
  tool: v.optional(v.string()),
  target: v.optional(v.string()),
  arguments: v.optional(v.string()),
  digest: v.optional(v.string()),
  keyId: v.optional(v.string()),
  grantId: v.optional(v.string()),
  subject: v.optional(v.string()),
  tenant: v.optional(v.string()),
  role: v.optional(v.string()),
  outcome: auditOutcomeValidator(),
  reason: v.optional(v.string()),
  /** From the arrival of the request to its admission, in milliseconds. */
  waitedMs: v.optional(v.number()),
  /** In milliseconds: how long the mutation of a call ran; of the end of a job, how long the job took. */
  ms: v.optional(v.number()),
  protocol: v.string(),
  client: v.optional(v.string()),
  ip: v.optional(v.string()),
  traceparent: v.optional(v.string()),
});

/** A row of the audit log, as operators read it. */
export type AuditEntry = Infer<typeof entryValidator>;

const toEntry = ({ _id, _creationTime, at, ...row }: Doc<"toolgateAudit">): AuditEntry => ({
  ...row,
  id: _id,
  at: new Date(at).toISOString(),
});

/** Only one filter at a time: each has an index of its own, and no index covers two. */
const matching = (db: GateReader, { tenant, keyId, outcome, operation }: Filters) => {
  const rows = db.query("toolgateAudit");
  if ([tenant, keyId, outcome, operation].filter((filter) => filter !== undefined).length > 1) {
    refuse("invalid_arguments", "Give at most one of tenant, keyId, outcome and operation");
  }
  if (tenant !== undefined) return rows.withIndex("by_tenant", (q) => q.eq("tenant", tenant));
  if (keyId !== undefined) return rows.withIndex("by_keyId", (q) => q.eq("keyId", keyId));
  if (operation !== undefined)
    return rows.withIndex("by_operation", (q) => q.eq("operation", operation));
  return outcome === undefined
    ? rows
    : rows.withIndex("by_outcome", (q) => q.eq("outcome", outcome));
};

/**
 * The definition of `listAudit`: a page of rows, newest first. It throws ConvexError `invalid_arguments` for two filters at once, and
 * for a limit or cursor that `readPage` refuses.
 */
export const listAudit = {
  args: { ...filters, ...pageFields },
  returns: v.object({
    entries: v.array(entryValidator),
    nextCursor: v.union(v.string(), v.null()),
  }),
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { limit, cursor, ...filter }: Filters & PageRequest,
  ) => {
    const page = { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) };
    const { rows, nextCursor } = await readPage(
      matching(gateReader(ctx), filter).order("desc"),
      page,
    );
    return { entries: rows.map(toEntry), nextCursor };
  },
};
