/** A middleware: its HTTP half, and its half in the database. */
import type { Call } from "../data/call";
import type { GateTx } from "../data/database";
import type { Refusal } from "../data/refusal";
import type { Entry } from "../registry/registry";
import type { Tool } from "../registry/tools";

export type Handler<Ctx> = (ctx: Ctx, request: Request) => Promise<Response>;

/** Reads `In`; calls `next(add)` to go on with `In & Add`, or returns a Response to stop. */
export type Middleware<In, Add extends object = object> = (
  ctx: In,
  request: Request,
  next: (add: Add) => Promise<Response>,
) => Promise<Response>;

/** What a database half answers: the context that the guards have built up to here, and the refusal that ended it, if one did. */
export interface Verdict<Context extends object = object> {
  readonly context: Partial<Context>;
  readonly refusal?: Refusal | undefined;
  /** True if no audit row is written: there are too many refusals of this kind. */
  readonly unrecorded?: boolean | undefined;
}

/**
 * A middleware with a database half.
 *
 * `evidence`, the HTTP half, gathers what the decision needs from the Request, as plain Convex values. `decide`, the database half,
 * reads `Claim` (all evidence, the call, and what guards further out have added). It calls `next(add)` for the verdict of the
 * guards further in, or returns a refusal. `Sees` is what it reads from that verdict; all of it may be missing, since a guard
 * further in may refuse before it adds anything.
 */
export interface Guard<
  Evidence extends object = object,
  Claim = object,
  Add extends object = object,
  Sees extends object = object,
> {
  readonly evidence?: Middleware<object, Evidence>;
  readonly decide: (
    tx: GateTx,
    claim: Claim,
    next: (add: Add) => Promise<Verdict<Sees>>,
  ) => Promise<Verdict | { readonly refusal: Refusal }>;
}

/** Any middleware: the top type, since `In` and `Claim` are contravariant. */
export type Link = Middleware<never> | Guard<object, never, object, never>;

/** What every database half may read: the call, its parsed arguments, and what it names. */
export interface CallClaim {
  readonly call: Call;
  readonly args: Readonly<Record<string, unknown>>;
  /** The tool, resource or prompt that the call names, if there is one. */
  readonly named: Entry | undefined;
  /** The tool that the call names, if there is one. */
  readonly tool: Tool | undefined;
}
