/**
 * `compose(originCheck, rateLimit, apiKeyAuth, rbac)(handler)`: middleware around a Convex `httpAction`.
 *
 * A middleware has up to two halves. The HTTP half looks at the Request and may answer at once. The database half decides inside the
 * one `admit` mutation (see gate/admission.ts). There are two reasons for that: every `ctx.run*` of an HTTP action is a billed call,
 * and "key valid", "token taken", "effect done" and "audit row written" must commit together. A middleware with only an HTTP half is
 * a plain function. One with a database half is a `Guard`.
 */
import type { ActionCtx } from "../data/database";
import { internalErrorResponse } from "../wire/responses";
import type { CallClaim, Guard, Handler, Link, Middleware } from "./guard";
import { onion } from "./onion";

/** The evidence that the HTTP halves of all guards gather. */
export type EvidenceOf<Links> = Links extends readonly [infer L, ...infer Rest]
  ? L extends Guard<infer E, never, object, never>
    ? E & EvidenceOf<Rest>
    : EvidenceOf<Rest>
  : object;

/** The context that the handler gets. */
type HandlerCtx<Ctx, Links> = Links extends readonly [infer L, ...infer Rest]
  ? L extends Middleware<never, infer Add>
    ? HandlerCtx<Ctx & Add, Rest>
    : HandlerCtx<Ctx, Rest>
  : Ctx;

/** The context that the database halves have built if none of them refuses. */
export type ContextOf<Links, Claim = object> = Links extends readonly [infer L, ...infer Rest]
  ? L extends Guard<object, never, infer Add, never>
    ? ContextOf<Rest, Claim & Add>
    : ContextOf<Rest, Claim>
  : Claim;

/** The types that each link of a correct chain has. A chain that does not match does not compile. */
type Checked<Ctx, Claim, Links> = Links extends readonly [infer L, ...infer Rest]
  ? L extends Guard<infer E, never, infer Add, infer Sees>
    ? readonly [
        ContextOf<Rest, Claim & Add> extends Sees ? Guard<E, Claim, Add, Sees> : never,
        ...Checked<Ctx, Claim & Add, Rest>,
      ]
    : L extends Middleware<never, infer Add>
      ? readonly [Middleware<Ctx, Add>, ...Checked<Ctx & Add, Claim, Rest>]
      : never
  : readonly [];

/** A chain in which every middleware gets everything that it reads. */
export type Chain<Links> = Checked<ActionCtx, EvidenceOf<Links> & CallClaim, Links>;

/** The member that `compose` adds for the handler: the evidence to pass to the `admit` mutation. */
export interface WithEvidence<Evidence extends object = object> {
  readonly evidence: Evidence;
}

type HttpContext = ActionCtx & WithEvidence;

/** The HTTP half of a link; undefined if it has none. A guard's evidence is merged into `ctx.evidence`. */
const httpHalf = (link: Link): Middleware<never> | undefined => {
  if (typeof link === "function") return link;
  const { evidence: gather } = link;
  if (gather === undefined) return undefined;
  return (ctx: HttpContext, request, next) =>
    gather(ctx, request, (evidence) =>
      next({ evidence: Object.assign({}, ctx.evidence, evidence) }),
    );
};

/** Each layer has its own rescue, so that layers further out see a Response and can add their headers to it. */
const rescued =
  <Args extends unknown[]>(work: (...args: Args) => Promise<Response>) =>
  async (...args: Args): Promise<Response> => {
    try {
      return await work(...args);
    } catch (error) {
      return internalErrorResponse(error);
    }
  };

/**
 * Composes the HTTP halves of `links` around a handler, outermost first.
 *
 * @returns a function from the handler to the body of an `httpAction`. That body never rejects. If a middleware or the handler
 * throws, the error is logged and the reply is a plain 500, because Convex would send an error's data to the client.
 */
export const compose =
  <const Links extends readonly Link[]>(...links: Links & Chain<Links>) =>
  (
    handler: Handler<HandlerCtx<ActionCtx, Links> & WithEvidence<EvidenceOf<Links>>>,
  ): Handler<ActionCtx> => {
    const halves: Middleware<never>[] = [];
    for (const link of links as readonly Link[]) {
      const half = httpHalf(link);
      if (half !== undefined) halves.push(rescued(half));
    }
    const run = onion(halves, rescued(handler));
    // No evidence counts but what these guards gather.
    return (ctx, request) => run(Object.assign({}, ctx, { evidence: {} }), request);
  };
