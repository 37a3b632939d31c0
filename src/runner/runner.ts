/**
 * Runs Convex functions from an action. It is the one place of the library that does, so all calls share what is known of Convex's
 * overload. In a query or mutation nested calls need nothing of this: there Convex ends the whole transaction, and its caller hears.
 */
import type { FunctionReference, FunctionVisibility } from "convex/server";
import { isConvexError } from "../base/convexError";
import { sleep } from "../base/sleep";
import type { ActionCtx } from "../data/database";
import { isTemporary, type Kind } from "./overload";

/** Convex has no capacity for a call just now. Nothing was done, or doing it twice is as good as once: the call may be made again. */
export class Overloaded extends Error {
  override readonly name = "Overloaded";
}

type Ref<K extends Kind> = FunctionReference<K, FunctionVisibility>;

/** What a runner needs of the context of an action. */
export type Runs = Pick<ActionCtx, "runQuery" | "runMutation" | "runAction">;

/**
 * Runs functions.
 *
 * @throws Overloaded once Convex has refused all tries; any other error as the function threw it.
 */
export interface Runner {
  readonly query: <F extends Ref<"query">>(ref: F, args: F["_args"]) => Promise<F["_returnType"]>;
  /**
   * @param isRepeatable - whether the same call, made twice, does the same as once. Then it is also made again after an error that
   * may have come after its commit.
   */
  readonly mutation: <F extends Ref<"mutation">>(
    ref: F,
    args: F["_args"],
    isRepeatable?: boolean,
  ) => Promise<F["_returnType"]>;
  /** An action has one try: how long to wait for its slot is the caller's to say. */
  readonly action: <F extends Ref<"action">>(ref: F, args: F["_args"]) => Promise<F["_returnType"]>;
  /** The same with several tries, for work that cannot ask its client to call again. */
  readonly patient: () => Runner;
}

/** The tries of a patient runner, and its first pause in milliseconds. Pauses grow, and come to 5 s in all. */
const TRIES = 5;
const PAUSE_MS = 500;

/** Waits before the next try. The pauses are spread, so that those who were refused together do not come back together. */
export const pauseAfter = (tries: number): Promise<void> =>
  sleep(PAUSE_MS * tries * (0.5 + Math.random()));

const trying = async <T>(
  work: () => Promise<T>,
  kind: Kind,
  isRepeatable: boolean,
  tries: number,
): Promise<T> => {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      const isPassing = isTemporary(error, kind, isRepeatable);
      const isWorthwhile = isPassing || (isRepeatable && !isConvexError(error));
      if (tried >= tries || !isWorthwhile)
        throw isPassing ? new Overloaded("Convex is overloaded", { cause: error }) : error;
      await pauseAfter(tried);
    }
  }
};

/**
 * The runner of an action.
 *
 * @param ctx - of the action.
 * @param tries - 1 unless stated.
 */
export const runnerOf = (ctx: Runs, tries = 1): Runner => ({
  query: (ref, args) => trying(() => ctx.runQuery(ref as never, args), "query", true, tries),
  mutation: (ref, args, isRepeatable = false) =>
    trying(() => ctx.runMutation(ref as never, args), "mutation", isRepeatable, tries),
  action: (ref, args) => trying(() => ctx.runAction(ref as never, args), "action", false, 1),
  patient: () => runnerOf(ctx, TRIES),
});
