/**
 * An app in convex-test whose modules are evaluated anew for each call, as on Convex, and a stopwatch: how long they are evaluated, and
 * how long what they then run does not wait for Convex.
 */
import { setTimeout } from "node:timers/promises";
import { Script } from "node:vm";
import { convexTest } from "convex-test";
import type { GenericSchema, HttpRouter, SchemaDefinition } from "convex/server";
import { env } from "../../test/bundle/drives/deployment";
import { forConvexTest, type Exports } from "../../test/bundle/app/functions";
import { realTime } from "../../test/bundle/runtime/clock";
import { newContext } from "../../test/bundle/runtime/context";
import type { Bundle } from "../../test/bundle/runtime/load";
import { SITE_URL } from "../../test/support/siteUrl";
import { now } from "../lib/clock";
import type { Modules } from "../lib/deployed";

/** What a request has taken, in milliseconds, and the modules that were evaluated for it, in their order. */
export interface Spent {
  evaluated: number;
  ran: number;
  readonly modules: string[];
}

/** Stands still while Convex is asked. */
class Stopwatch {
  #waits = 0;
  #since = performance.now();

  constructor(readonly spent: Spent) {}

  #stop(): void {
    if (this.#waits++ === 0) this.spent.ran += performance.now() - this.#since;
  }

  #go(): void {
    if (--this.#waits === 0) this.#since = performance.now();
  }

  async running<T>(work: () => Promise<T>): Promise<T> {
    this.#since = performance.now();
    try {
      return await work();
    } finally {
      this.#stop();
    }
  }

  waiting<T>(work: () => T): T {
    this.#stop();
    try {
      return work();
    } finally {
      this.#go();
    }
  }

  async waitingFor<T>(work: () => Promise<T>): Promise<T> {
    this.#stop();
    try {
      return await work();
    } finally {
      this.#go();
    }
  }
}

const caches = new WeakMap<Bundle, Buffer>();

/** Milliseconds that a bundle takes in a context, with the code cache of an earlier evaluation. */
export const timeOf = (bundle: Bundle, context = newContext(surroundings()).context): number => {
  const cachedData = caches.get(bundle);
  const begun = now();
  const script = new Script(bundle.script, { cachedData, filename: bundle.file });
  script.runInContext(context);
  const took = now() - begun;
  if (cachedData === undefined) {
    caches.set(bundle, script.createCachedData());
    return timeOf(bundle);
  }
  if (script.cachedDataRejected === true) throw new Error("V8 refused the code cache");
  return took;
};

const surroundings = () => ({
  env: { ...env, CONVEX_SITE_URL: SITE_URL, TOOLGATE_LIMIT_SCALE: "1000000" },
  ...{ clock: realTime, errors: [] },
  syscall: (name: string): unknown => {
    throw new Error(`asked Convex for ${name}`);
  },
});

interface Convex {
  readonly syscall: (name: string, args: string) => unknown;
  readonly asyncSyscall: (name: string, args: string) => Promise<unknown>;
}

/** convex-test's half, as it has put it up for this process. */
const convex = (): Convex => (globalThis as unknown as { Convex: Convex }).Convex;

type Handler = (...args: readonly unknown[]) => Promise<unknown>;
type Handled = { readonly _handler: Handler };

const timed = <T>(value: T, watch: Stopwatch): T => {
  if (typeof value !== "object" || value === null) return value;
  if ("lookup" in value) {
    const router = value as unknown as HttpRouter;
    const lookup = (path: string, method: "POST") =>
      router.lookup(path, method)?.map((found) => timed(found, watch)) ?? null;
    return { ...value, lookup };
  }
  if (!("_handler" in value)) return value;
  const { _handler } = value as unknown as Handled;
  return { ...value, _handler: (...args: unknown[]) => watch.running(() => _handler(...args)) };
};

/** Evaluates a module for one call. */
const fresh = (bundle: Bundle, name: string, spent: Spent): Exports => {
  const watch = new Stopwatch(spent);
  let within: <T>(run: () => T) => T = (run) => run();
  const { context, phase } = newContext({
    ...surroundings(),
    syscall: (op, args) => watch.waiting(() => within(() => convex().syscall(op, args))),
    asyncSyscall: (op, args) =>
      watch.waitingFor(() => within(() => convex().asyncSyscall(op, args))),
  });
  spent.evaluated += timeOf(bundle, context);
  spent.modules.push(name);
  const enter = (entered: typeof within) => {
    within = entered;
  };
  const exports = forConvexTest(context.loaded as Exports, { phase, enter });
  return Object.fromEntries(Object.entries(exports).map(([key, one]) => [key, timed(one, watch)]));
};

type Schema = SchemaDefinition<GenericSchema, boolean>;

const newSpent = (): Spent => ({ evaluated: 0, ran: 0, modules: [] });

/** @param cached - modules whose answer Convex keeps: what they take is not counted. */
export const freshApp = (schema: Schema, modules: Modules, cached: readonly string[] = []) => {
  let spent = newSpent();
  const load = (name: string, bundle: Bundle) => async () =>
    fresh(bundle, name, cached.includes(name) ? newSpent() : spent);
  const t = convexTest(schema as never, {
    "convex/_generated/api.ts": async () => ({}),
    ...Object.fromEntries(
      [...modules].map(([name, bundle]) => [`convex/${name}.ts`, load(name, bundle)]),
    ),
  });
  /** What `work` takes, with all that it has scheduled for at once. */
  const spentBy = async (work: () => Promise<unknown>): Promise<Spent> => {
    const mine = (spent = newSpent());
    await work();
    for (let seen = 0; seen < mine.modules.length;) {
      seen = mine.modules.length;
      await setTimeout(10);
      await t.finishInProgressScheduledFunctions();
    }
    return mine;
  };
  return { t, spentBy };
};

export type FreshApp = ReturnType<typeof freshApp>;
