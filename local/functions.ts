/** Prepares the functions of the app for convex-test: their arguments are checked as Convex does, and each gives way to others. */
import { setImmediate } from "node:timers/promises";
import type { ValidatorJSON, Value } from "convex/values";
import { checkOf } from "./checkedValues";
import type { Load, Modules } from "./modules";

type Handler = (ctx: unknown, args: Value) => unknown;

/** A registered function, as convex-test reads it. */
interface Registered {
  readonly _handler: Handler;
  readonly exportArgs: () => string;
  readonly exportReturns: () => string;
}

const isRegistered = (value: unknown): value is Registered =>
  typeof value === "function" && "_handler" in value && "exportArgs" in value;

const ANY = JSON.stringify({ type: "any" } satisfies ValidatorJSON);

/**
 * convex-test is told that the function takes any arguments, because it would refuse some that are right too. What comes to the handler
 * has been written as JSON and read again, as on Convex.
 *
 * Everything in convex-test waits for promises only. Without a turn of the event loop for each function, a job would keep all sockets,
 * timers and signals waiting for as long as it has work.
 */
const prepared = (fn: Registered): Registered => {
  const check = checkOf(JSON.parse(fn.exportArgs()) as ValidatorJSON);
  const returns = fn.exportReturns();
  return {
    // The flags by which convex-test knows its kind.
    ...fn,
    // Convex computes the validators once, on deploy; convex-test asks for them at every call.
    exportArgs: () => ANY,
    exportReturns: () => returns,
    _handler: async (ctx, args) => {
      const fault = check(args, "arguments");
      // The beginning is Convex's own.
      if (fault !== undefined) throw new Error(`ArgumentValidationError: ${fault}`);
      await setImmediate();
      return fn._handler(ctx, args);
    },
  };
};

/** Loads a module once, and prepares what it exports. */
const preparing = (load: Load): Load => {
  let loaded: ReturnType<Load> | undefined;
  const prepare = async () =>
    Object.fromEntries(
      Object.entries(await load()).map(([name, value]) => [
        name,
        isRegistered(value) ? prepared(value) : value,
      ]),
    );
  return () => (loaded ??= prepare());
};

/** The modules, with the functions that they export prepared. All other exports stay as they are. */
export const prepareFunctions = (modules: Modules): Modules =>
  Object.fromEntries(Object.entries(modules).map(([name, load]) => [name, preparing(load)]));
