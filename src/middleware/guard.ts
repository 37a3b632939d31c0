/** A middleware: its HTTP half, and its half in the database. */
import type { Call } from "../data/call";
import type { GateTx } from "../data/database";
import type { Entry } from "../registry/registry";
import type { Tool } from "../registry/tools";

export type Handler<Ctx> = (ctx: Ctx, request: Request) => Promise<Response>;

/** Reads `In`; calls `next(add)` to go on with `In & Add`, or returns a Response to stop. */
export type Middleware<In, Add extends object = object> = (
  ctx: In,
  request: Request,
  next: (add: Add) => Promise<Response>,
) => Promise<Response>;

/**
 * A middleware with a database half.
 *
 * `evidence`, the HTTP half, gathers what the decision needs from the Request, as plain Convex values. `decide`, the
 * database half, reads `Claim` (all evidence, the call, and what guards further out granted), and calls `next(grant)` for
 * the verdict of the guards further in, or returns a denial. `Sees` is what it reads from that verdict; it is partial, since
 * a guard further in may have denied before granting it.
 */
export interface Guard<
  Evidence extends object = object,
  Claim = object,
  Grant extends object = object,
  Sees extends object = object,
> {
  readonly evidence?: Middleware<object, Evidence>;
  readonly decide: (
    tx: GateTx,
    claim: Claim,
    next: (grant: Grant) => Promise<Verdict<Sees>>,
  ) => Promise<Verdict | { readonly denial: Denial }>;
}

/** Any middleware: the top type, since `In` and `Claim` are contravariant. */
export type Link = Middleware<never> | Guard<object, never, object, never>;

/** What every database half may read: the call, its parsed arguments, and the tool it names, if there is one. */
export interface CallClaim {
  readonly call: Call;
  readonly args: Readonly<Record<string, unknown>>;
  /** What the call names, if there is such a tool, resource or prompt. */
  readonly named: Entry | undefined;
  readonly tool: Tool | undefined;
}

export const isGuard = (link: Link): link is Guard<object, never, object, never> =>
  typeof link !== "function";

/** A refusal, as data: the dispatcher turns it into HTTP or JSON-RPC. */
export interface Denial {
  /** For the audit row; never on the wire. */
  readonly reason: string;
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly headers?: Record<string, string>;
  /** The id of the request may be told. False where replies must not differ by a byte. */
  readonly withId?: boolean;
  /** Answer with a result with `isError`, which the model reads, instead of an error. */
  readonly toRetry?: boolean;
  /** The error's `data`, as JSON text. */
  readonly data?: string;
  /** The URI of a resource that is none for this caller. */
  readonly missing?: string;
  /** The key that was claimed, if it exists. */
  readonly keyId?: string;
  /** Write no audit row: there have been too many of the kind. */
  readonly unrecorded?: boolean;
}

/** What guards granted before the first no, and that no. */
export interface Verdict<Granted extends object = object> {
  readonly context: Partial<Granted>;
  readonly denial?: Denial;
}
