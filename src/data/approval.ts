/** The words of approvals: what the app's query says of a call, and what a held call and the decision on it keep. */
import { v, type Infer } from "convex/values";

/** The longest summary, in bytes of JSON. */
export const MAX_SUMMARY = 4 * 1024;

/** The validator of `Summary`. */
export const summaryValidator = () =>
  v.object({
    /** What the call does, for a person: "Record a payment for Nordwind GmbH". */
    title: v.string(),
    /** With its currency, as a person reads it: "12,400.00 EUR". */
    amount: v.optional(v.string()),
    lines: v.array(v.object({ label: v.string(), value: v.string() })),
  });

/** A call as the person reads it who decides. At most 4 KB as JSON. Plain text: it is shown as it is. */
export type Summary = Infer<ReturnType<typeof summaryValidator>>;

/**
 * The validator of what the query of a line's `approval` returns: whether somebody must approve the call, why, in words that the caller
 * and the person read, and the call as the person reads it. Without a reason the tool's line counts as one; without a summary the person
 * sees the tool's title and the arguments.
 */
export const approvalValidator = () =>
  v.object({
    needed: v.boolean(),
    reason: v.optional(v.string()),
    summary: v.optional(summaryValidator()),
  });

/** What the app's query says of a call. */
export type Approval = Infer<ReturnType<typeof approvalValidator>>;

/** How somebody decided: as a signed-in user of the app, which is proven, or as an operator, whose name is what they say it is. */
export const howValidator = () => v.union(v.literal("app"), v.literal("operator"));

const decisionValidator = () =>
  v.object({
    verdict: v.union(v.literal("approved"), v.literal("denied")),
    by: v.string(),
    how: howValidator(),
    note: v.optional(v.string()),
    at: v.number(),
  });

/** The decision on a held call. */
export type Decision = Infer<ReturnType<typeof decisionValidator>>;

/** The validator of what the row of a held call keeps of its approval. Times are in ms since 1970. */
export const heldValidator = () =>
  v.object({
    /** Why somebody must approve it. */
    reason: v.string(),
    /** `Summary` as JSON text, as it was when the call was held. */
    summary: v.optional(v.string()),
    /** A digest of the caller, the tool and the arguments: an identical call joins this one. */
    call: v.string(),
    /** A digest of the tool's definition. A tool that has changed since does not run. */
    definition: v.string(),
    askedAt: v.number(),
    /** When it expires, unless somebody decides before. */
    until: v.number(),
    /** The name that the client gives itself: a hint, not proof. */
    client: v.optional(v.string()),
    decision: v.optional(decisionValidator()),
    /** When it was decided, expired or was withdrawn. */
    settledAt: v.optional(v.number()),
  });

/** What an app is told of a new call that waits. Never the arguments. A type and not an interface, because Convex accepts no interface. */
export type Notice = {
  readonly jobId: string;
  readonly tool: string;
  /** Absent in an app with one tenant. */
  readonly tenant?: string;
  readonly reason: string;
  /** In ms since 1970. */
  readonly until: number;
};
