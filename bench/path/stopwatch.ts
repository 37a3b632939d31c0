/**
 * An app whose modules are evaluated anew for each call, as on Convex, and a stopwatch: how long they are evaluated, and how long what
 * they then run does not wait for Convex.
 */
import { setTimeout } from "node:timers/promises";
import { Script } from "node:vm";
import type { Modules } from "../../.ci/weight/deployed";
import { newApp, type Watch } from "../../test/bundle/app/app";
import { env } from "../../test/bundle/drives/deployment";
import { realTime } from "../../test/bundle/runtime/clock";
import { newContext, type Surroundings } from "../../test/bundle/runtime/context";
import type { Bundle, Loaded } from "../../test/bundle/runtime/load";
import { SITE_URL } from "../../test/support/siteUrl";
import { now } from "../lib/clock";

/** What a request has taken, in milliseconds, and the modules that were evaluated for it, in their order. */
export interface Spent {
  evaluated: number;
  ran: number;
  readonly modules: string[];
}

const newSpent = (): Spent => ({ evaluated: 0, ran: 0, modules: [] });

const alone: Surroundings = {
  ...{ env, clock: realTime, errors: [] },
  syscall: (name) => {
    throw new Error(`asked Convex for ${name}`);
  },
};

const caches = new WeakMap<Bundle, Buffer>();

/** The code cache that a first evaluation makes. */
const cacheOf = (bundle: Bundle): Buffer => {
  const made = caches.get(bundle);
  if (made !== undefined) return made;
  const script = new Script(bundle.script, { filename: bundle.file });
  script.runInContext(newContext(alone).context);
  caches.set(bundle, script.createCachedData());
  return cacheOf(bundle);
};

/** Evaluates a bundle in a fresh context, with its code cache. */
const timed = (bundle: Bundle, surroundings: Surroundings) => {
  const { context, phase } = newContext(surroundings);
  const cachedData = cacheOf(bundle);
  const begun = now();
  const script = new Script(bundle.script, { cachedData, filename: bundle.file });
  script.runInContext(context);
  const took = now() - begun;
  if (script.cachedDataRejected === true) throw new Error("V8 refused the code cache");
  return { exports: context.loaded as Loaded["exports"], phase, took };
};

/** Else one would pay for what the one before it left behind. */
const collect = (): void => globalThis.gc?.();

/** Milliseconds that the evaluation of a bundle takes. */
export const timeOf = (bundle: Bundle): number => {
  collect();
  return timed(bundle, alone).took;
};

/** Notes what one call of a function takes: the watch stands still while Convex is asked. */
const watching = (spent: Spent, name: string): Watch => {
  let [waits, since] = [1, 0];
  const stop = (): void => {
    if (waits++ === 0) spent.ran += performance.now() - since;
  };
  const go = (): void => {
    if (--waits === 0) since = performance.now();
  };
  return {
    evaluate: (bundle, surroundings) => {
      const { took, ...loaded } = timed(bundle, surroundings);
      spent.evaluated += took;
      spent.modules.push(name);
      return loaded;
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
    collect();
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
