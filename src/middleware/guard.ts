/** The types of a middleware: its HTTP half and its database half. */
import type { Call } from "../data/call";
import type { GateTx } from "../data/database";
import type { Refusal } from "../data/refusal";
import type { Entry } from "../registry/registry";
import type { Tool } from "../registry/tools";

/** Answers a request at the core of the chain. */
export type Handler<Ctx> = (ctx: Ctx, request: Request) => Promise<Response>;

/** Reads `In`. It calls `next(add)` to continue with `In & Add`, or returns a Response to stop. */
export type Middleware<In, Add extends object = object> = (
  ctx: In,
  request: Request,
  next: (add: Add) => Promise<Response>,
) => Promise<Response>;

/** The result of a database half: the context that the guards have built so far, and the refusal if one of them refused. */
export interface Verdict<Context extends object = object> {
  readonly context: Partial<Context>;
  readonly refusal?: Refusal | undefined;
  /** True if no audit row is to be written, because there are too many refusals of this kind. */
  readonly unrecorded?: boolean | undefined;
  /** Gives back what the call has paid beyond the price of a read. The admission calls it if the tool refuses the arguments. */
  readonly refund?: (() => Promise<void>) | undefined;
}

/**
 * A middleware with a database half.
 *
 * `evidence` is the HTTP half. It gathers from the Request what the decision needs, as plain Convex values.
 *
 * `decide` is the database half. It reads `Claim`: all evidence, the call, and the additions of the guards further out. It calls
 * `next(add)` for the verdict of the guards further in, or returns a refusal. `Sees` is the part of that verdict's context that it
 * reads. All of it may be missing, since a guard further in may refuse before it adds anything.
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

/** Any middleware. This is the top type, since `In` and `Claim` are contravariant. */
export type Link = Middleware<never> | Guard<object, never, object, never>;

/**
 * The part of the claim that every database half may read: the call, its parsed arguments, and the entry that it names. `args` is what
 * was sent. The function may run with mended arguments, unless its line states `exactArguments`.
 */
export interface CallClaim {
  readonly call: Call;
  readonly args: Readonly<Record<string, unknown>>;
  /** The tool, resource or prompt that the call names; undefined if it names none or the registry has no such entry. */
  readonly named: Entry | undefined;
  /** The same, if it is a tool. */
  readonly tool: Tool | undefined;
}
