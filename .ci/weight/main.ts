/**
 * `npm run weight`: what Convex evaluates anew for every request, against a bare HTTP action in the same app. It counts the calls of
 * functions that the evaluation makes, which are the same on every machine and under any load, and fails if a module makes a tenth more
 * than it made when its line below was written. The times beside them are for people: V8's own work, such as that for a regular
 * expression, is in them alone.
 *
 * It weighs the package as built: `npm run build` first.
 */
import { Session, type Profiler } from "node:inspector";
import { pathToFileURL } from "node:url";
import { runInNewContext, Script } from "node:vm";
import { setFlagsFromString } from "node:v8";
import { deployedWithBare } from "./deployed";
import { newContext } from "../../test/bundle/runtime/context";
import { alone, evaluate, type Bundle } from "../../test/bundle/runtime/load";

const ROUNDS = 60;

/** Module → the calls that it may make, as a share of those of the bare HTTP action: a tenth more than it makes. */
const MOST: Readonly<Record<string, number>> = {
  httpWithoutOAuth: 1.39,
  http: 1.47,
  "toolgate/gate": 1.29,
  "toolgate/reading": 1.19,
  "toolgate/jobs": 1.41,
  queryTool: 1.42,
  mutationTool: 1.39,
  "erp/stock": 2.94,
  "erp/customers": 2.94,
};

setFlagsFromString("--expose-gc");
// Only a new context sees the flag.
const collect = runInNewContext("gc") as () => void;

const session = new Session();
session.connect();

/** V8 answers at once, in the same thread. */
const ask = (): readonly Profiler.ScriptCoverage[] => {
  let found: readonly Profiler.ScriptCoverage[] = [];
  session.post("Profiler.takePreciseCoverage", (error, { result }) => {
    if (error !== null) throw error;
    found = result;
  });
  return found;
};

const callsOf = (bundle: Bundle): number => {
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  evaluate(bundle, alone());
  const own = ask().filter(({ url }) => url === pathToFileURL(bundle.file).href);
  session.post("Profiler.disable");
  const counts = own.flatMap(({ functions }) => functions.map(({ ranges: [all] }) => all?.count));
  return counts.reduce<number>((sum, count = 0) => sum + count, 0);
};

/** Returns what evaluates a bundle in a fresh context, with the code cache of an earlier evaluation, and tells the milliseconds. */
const timer = ({ script }: Bundle): (() => number) => {
  const { context } = newContext(alone());
  const first = new Script(script);
  first.runInContext(context);
  const cachedData = first.createCachedData();
  return () => {
    const fresh = newContext(alone()).context;
    collect();
    const begun = performance.now();
    new Script(script, { cachedData }).runInContext(fresh);
    return performance.now() - begun;
  };
};

/** The least of the milliseconds that each took, in turn, since noise only adds. */
const leastOf = (timers: readonly (() => number)[]): number[] => {
  const rounds = Array.from({ length: ROUNDS }, () => timers.map((time) => time()));
  return timers.map((_, at) => Math.min(...rounds.map((round) => round[at] ?? Infinity)));
};

const names = ["bare", ...Object.keys(MOST)];
const all = await deployedWithBare("convex");
const bundles = names.map((name) => {
  const bundle = all.get(name);
  if (bundle === undefined) throw new Error(`${name} is not deployed`);
  return bundle;
});
const counts = bundles.map(callsOf);
const times = leastOf(bundles.map(timer));
const [floor = NaN] = counts;
const [floorTime = NaN] = times;
for (const [at, name] of names.entries()) {
  const [count = NaN, time = NaN, most = 1] = [counts[at], times[at], MOST[name]];
  const isHeavy = !(count / floor <= most);
  if (isHeavy) process.exitCode = 1;
  console.log(
    name.padEnd(18),
    `${count} calls, ${(count / floor).toFixed(2)} x`,
    `(at most ${most} x); ${time.toFixed(2)} ms, ${(time / floorTime).toFixed(2)} x`,
    isHeavy ? "FAILED: evaluates more than it did" : "",
  );
}
