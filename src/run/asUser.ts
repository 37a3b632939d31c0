/** Runs functions that an app has already, which know their caller by `ctx.auth`, for the callers of tools. */
import {
  internalActionGeneric,
  internalMutationGeneric,
  internalQueryGeneric,
  type DefaultFunctionArgs,
  type FunctionVisibility,
  type RegisteredAction,
  type RegisteredMutation,
  type RegisteredQuery,
  type UserIdentity,
} from "convex/server";
import { refuse } from "../base/refuse";
import { principalValidator, type Principal } from "../data/principal";

/**
 * Who the caller is to the app: members of `ctx.auth.getUserIdentity()`, `email` and claims of the app's own too. `tokenIdentifier` is
 * `issuer|subject` unless given, as Convex makes it.
 */
export interface Identified extends Partial<UserIdentity> {
  readonly subject: string;
  readonly issuer: string;
}

type Args = DefaultFunctionArgs;
type WithPrincipal<A extends Args> = A & { principal: Principal };

/** Makes an internal function of the same kind, with the same arguments, the `principal`, and the same result. */
export interface AsUser {
  <A extends Args, R>(
    fn: RegisteredQuery<FunctionVisibility, A, R>,
  ): RegisteredQuery<"internal", WithPrincipal<A>, R>;
  <A extends Args, R>(
    fn: RegisteredMutation<FunctionVisibility, A, R>,
  ): RegisteredMutation<"internal", WithPrincipal<A>, R>;
  <A extends Args, R>(
    fn: RegisteredAction<FunctionVisibility, A, R>,
  ): RegisteredAction<"internal", WithPrincipal<A>, R>;
}

/** What Convex puts on a function, beside what it says in its types (convex 1.31 to 1.48, `registration_impl.ts`). */
interface Registered {
  readonly isQuery?: boolean;
  readonly isMutation?: boolean;
  readonly isAction?: boolean;
  readonly _handler: (ctx: object, args: object) => unknown;
  readonly exportArgs: () => string;
  readonly exportReturns: () => string;
}

const NOT_REGISTERED =
  "asUser takes a query, mutation or action as Convex registers it, with `_handler`, `exportArgs` and `exportReturns`: it knows convex 1.31 to 1.48";

/** @throws Error if Convex has not registered it in the way that is known here */
const registered = (fn: object): Registered => {
  const one = fn as Partial<Registered>;
  const isKnown = [one._handler, one.exportArgs, one.exportReturns].every(
    (member) => typeof member === "function",
  );
  if (!isKnown) throw new Error(NOT_REGISTERED);
  return one as Registered;
};

const builderOf = ({ isQuery, isMutation, isAction }: Registered) => {
  if (isQuery === true) return internalQueryGeneric;
  if (isMutation === true) return internalMutationGeneric;
  if (isAction === true) return internalActionGeneric;
  throw new Error(NOT_REGISTERED);
};

/** The validators of both functions' arguments, as one. It is asked for when the app is pushed, and by the catalog. */
const joined = (theirs: string, ours: string): string => {
  const { type, value } = JSON.parse(theirs) as { type: string; value: object };
  if (type !== "object") throw new Error("asUser: the function must declare `args`");
  if (Object.hasOwn(value, "principal"))
    throw new Error("asUser: the function has an argument `principal` of its own");
  const { value: principal } = JSON.parse(ours) as { value: object };
  return JSON.stringify({ type, value: { ...value, ...principal } });
};

/** The identity, as Convex would give it. */
const identified = (identity: Identified): UserIdentity => ({
  ...identity,
  tokenIdentifier: identity.tokenIdentifier ?? `${identity.issuer}|${identity.subject}`,
});

/** What is on a function under a symbol: validators with what fields say, zod schemas, a schema of its own. */
const symbolsOf = (fn: object): object =>
  Object.fromEntries(
    Object.getOwnPropertySymbols(fn).map((symbol) => [
      symbol,
      (fn as Readonly<Record<symbol, unknown>>)[symbol],
    ]),
  );

/**
 * Wraps a function that the app has already, public or internal, also one made by `customQuery` and the like, so that a tool can run it
 * for its caller: in it `ctx.auth.getUserIdentity()` answers `identityOf(principal)`. The function itself stays as it is. Export the
 * result, and bind it with `principal: true`. Its schema is that of the function.
 *
 * Limits: only `ctx.auth` of this function answers so. A function that it runs by `ctx.runQuery`, `ctx.runMutation` or `ctx.runAction`,
 * or schedules, has no identity, in a query and a mutation as in an action: let it call helpers instead, or give them the user's id.
 * Whether the user exists is not checked.
 *
 * @param identityOf - who the caller is. It returns null to refuse the call.
 * @returns a function that wraps. That throws an Error for what is no query, mutation or action of a known version of convex. The wrapped
 * function throws a ConvexError `no_user` if the caller is nobody.
 */
export const asUser =
  (identityOf: (principal: Principal) => Identified | null): AsUser =>
  (fn: object): never => {
    const theirs = registered(fn);
    const handler = (ctx: object, { principal, ...args }: { principal: Principal }): unknown => {
      const identity = identityOf(principal);
      if (identity === null) return refuse("no_user", "This caller is no user of the app.");
      const getUserIdentity = () => Promise.resolve(identified(identity));
      // eslint-disable-next-line no-restricted-syntax -- the one place that gives an identity, in place of the one that there is
      const { auth } = ctx as { readonly auth?: object };
      return theirs._handler({ ...ctx, auth: { ...auth, getUserIdentity } }, args);
    };
    const wrapped = builderOf(theirs)({ args: { principal: principalValidator() }, handler });
    const { exportArgs } = wrapped as unknown as Registered;
    return Object.assign(wrapped, symbolsOf(fn), {
      exportArgs: () => joined(theirs.exportArgs(), exportArgs()),
      exportReturns: theirs.exportReturns,
    }) as never;
  };
