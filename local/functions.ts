/** Prepares the functions of the app for convex-test: their arguments are checked as Convex does, and they give way to each other. */
import { setImmediate, setTimeout } from "node:timers/promises";
import type { ValidatorJSON, Value } from "convex/values";
import { checkOf } from "./checkedValues";
import type { Load, Modules } from "./modules";

type Handler = (ctx: object, args: Value) => unknown;

/** A registered function, as convex-test reads it. */
interface Registered {
  readonly _handler: Handler;
  readonly exportArgs: () => string;
  readonly exportReturns: () => string;
  readonly isAction?: true;
}

const isRegistered = (value: unknown): value is Registered =>
  typeof value === "function" && "_handler" in value && "exportArgs" in value;

type Call = (...given: unknown[]) => Promise<unknown>;

/** How long no step of a job begins after the one before, in milliseconds. A request that has waited takes its next step meanwhile. */
const PAUSE_MS = 5;

/** Runs one call after the other, with a pause between them. */
const oneByOne = (): ((call: Call) => Call) => {
  let last: Promise<unknown> = Promise.resolve();
  return (call) =>
    (...given) => {
      const result = last.then(() => call(...given));
      last = result.catch(() => undefined).then(() => setTimeout(PAUSE_MS));
      return result;
    };
};

const inLine = oneByOne();

/**
 * convex-test runs one transaction at a time, in the order in which they come. Only one of all those that actions ask for may wait
 * there: a request waits for one step of a job then, and not for one of each job.
 */
const asAction = (ctx: object): object => {
  const { runQuery, runMutation } = ctx as Record<"runQuery" | "runMutation", Call>;
  return { ...ctx, runQuery: inLine(runQuery), runMutation: inLine(runMutation) };
};

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
      return fn._handler(fn.isAction === true ? asAction(ctx) : ctx, args);
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
