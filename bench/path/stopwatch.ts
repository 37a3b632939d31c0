/**
 * An app whose modules are evaluated anew for each call, as on Convex, and a stopwatch: how long they are evaluated, and how long what
 * they then run does not wait for Convex.
 */
import { setTimeout } from "node:timers/promises";
import { Script } from "node:vm";
import type { Modules } from "../../.ci/weight/deployed";
import { newApp, type Watch } from "../../test/bundle/app/app";
import { env } from "../../test/bundle/drives/deployment";
import { newContext, type Surroundings } from "../../test/bundle/runtime/context";
import { alone, type Bundle, type Loaded } from "../../test/bundle/runtime/load";
import { SITE_URL } from "../../test/support/siteUrl";
import { now } from "../lib/clock";

/** What a request has taken, in milliseconds, and the modules that were evaluated for it, in their order. */
export interface Spent {
  evaluated: number;
  ran: number;
  readonly modules: string[];
}

const newSpent = (): Spent => ({ evaluated: 0, ran: 0, modules: [] });

const caches = new WeakMap<Bundle, Buffer>();

/** Evaluates a bundle in a fresh context, with the code cache of its first evaluation, and adds the milliseconds to what is spent. */
const evaluate = (bundle: Bundle, surroundings: Surroundings, spent: Spent) => {
  const cachedData = caches.get(bundle);
  const { context, phase } = newContext(surroundings);
  const begun = now();
  const script = new Script(bundle.script, { cachedData, filename: bundle.file });
  script.runInContext(context);
  spent.evaluated += now() - begun;
  if (script.cachedDataRejected === true) throw new Error("V8 refused the code cache");
  if (cachedData === undefined) caches.set(bundle, script.createCachedData());
  return { exports: context.loaded as Loaded["exports"], phase };
};

/** Makes the code caches, and leaves no garbage for what is then measured. */
const prepare = (bundles: Iterable<Bundle>): void => {
  for (const bundle of bundles) if (!caches.has(bundle)) evaluate(bundle, alone(), newSpent());
  globalThis.gc?.();
};

/** What the evaluation of a bundle takes. */
export const evaluation = (bundle: Bundle): Spent => {
  const spent = newSpent();
  prepare([bundle]);
  evaluate(bundle, alone(), spent);
  return spent;
};

/** Notes what one call of a function takes: the watch stands still while Convex is asked. */
const watching = (spent: Spent, name: string): Watch => {
  let [waits, since] = [1, 0];
  const stop = (): void => {
    if (waits++ === 0) spent.ran += now() - since;
  };
  const go = (): void => {
    if (--waits === 0) since = now();
  };
  return {
    evaluate: (bundle, surroundings) => {
      spent.modules.push(name);
      return evaluate(bundle, surroundings, spent);
    },
    run: (work) => {
      go();
      return work().finally(stop);
    },
    ask: (work) => {
      stop();
      const answer = work();
      if (answer instanceof Promise) return answer.finally(go) as typeof answer;
      go();
      return answer;
    },
  };
};

/** Convex keeps its answer, so what it takes is not counted. */
const CATALOG = "toolgate/catalog";

const ENV = { ...env, CONVEX_SITE_URL: SITE_URL, TOOLGATE_LIMIT_SCALE: "1000000" };

export const measuredApp = (schema: object, modules: Modules) => {
  let spent = newSpent();
  const bundles = new Map([...modules].map(([name, one]) => [name, async () => one]));
  const watch = (name: string) => watching(name === CATALOG ? newSpent() : spent, name);
  const app = newApp(bundles, { schema, env: ENV, watch });
  /** What `work` takes, with all that it has scheduled for at once. */
  const spentBy = async (work: () => Promise<unknown>): Promise<Spent> => {
    const mine = (spent = newSpent());
    prepare(modules.values());
    await work();
    for (let seen = 0; seen < mine.modules.length;) {
      seen = mine.modules.length;
      await setTimeout(10);
      await app.settled();
    }
    return mine;
  };
  return { ...app, spentBy };
};

export type MeasuredApp = ReturnType<typeof measuredApp>;
