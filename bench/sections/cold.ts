/**
 * Convex evaluates the whole import graph of a function in a fresh V8 context for every call, with a code cache. So does this: what
 * costs is the work that modules do at their top.
 */
import { createContext, Script, type Context } from "node:vm";
import { BARE, makeBundles } from "../lib/bundles";
import { show, showSpread } from "../lib/markdown";
import { shuffled } from "../lib/random";
import { isQuick, report, type Figure } from "../lib/report";
import { spread, type Spread } from "../lib/stats";

const ROUNDS = isQuick ? 9 : 61;

/** Convex's globals, those that node:vm does not bring itself. */
const globals = [
  ..."console URL URLSearchParams TextEncoder TextDecoder crypto Headers Request Response fetch".split(
    " ",
  ),
  ..."ReadableStream TransformStream WritableStream AbortController AbortSignal".split(" "),
  ..."setTimeout clearTimeout setInterval clearInterval structuredClone performance".split(" "),
  ..."atob btoa Event EventTarget Blob File FormData DOMException".split(" "),
];

const newContext = (): Context => {
  const context = createContext({ process: { env: {} } });
  for (const name of globals) context[name] = Reflect.get(globalThis, name);
  context.self = context;
  return context;
};

/** A script that has run once, so that its cache holds what its start needs. */
const cacheOf = (code: string): Buffer => {
  const script = new Script(code);
  script.runInContext(newContext());
  return script.createCachedData();
};

const evaluate = (code: string, cachedData: Buffer): number => {
  const context = newContext();
  const start = performance.now();
  const script = new Script(code, { cachedData });
  script.runInContext(context);
  const took = performance.now() - start;
  if (script.cachedDataRejected === true) throw new Error("V8 refused the code cache");
  return took;
};

/** Convex's bundler has every function at the top of a module told its name: this is what the bundle would be without. */
const withoutNames = (code: string): string =>
  code.replaceAll(
    /\((\w+), (\w+)\) => \w+\(\1, "name", \{ value: \2, configurable: true \}\)/g,
    "($1) => $1",
  );

const timed = (code: string) => ({ code, cachedData: cacheOf(code), times: [] as number[] });

const bundles = (await makeBundles()).map((bundle) => ({
  ...bundle,
  asDeployed: timed(bundle.code),
  nameless: timed(withoutNames(bundle.code)),
}));
const scripts = bundles.flatMap(({ asDeployed, nameless }) => [asDeployed, nameless]);
for (let round = 0; round < ROUNDS; round++) {
  for (const { code, cachedData, times } of shuffled(scripts)) {
    // Else one bundle would pay for what the one before it left behind.
    globalThis.gc?.();
    times.push(evaluate(code, cachedData));
  }
}
const measured = bundles.map(({ asDeployed, nameless, ...bundle }) => ({
  ...bundle,
  time: spread(asDeployed.times),
  nameless: spread(nameless.times),
}));
const floor = measured.find(({ name }) => name === BARE)?.time.median ?? NaN;
const ratio = ({ median }: Spread): string => `${show(median / floor)} ×`;
const GOAL = 1.3;
const figureOf = (module: string): Figure => {
  const time = measured.find(({ name }) => name === `Toolgate, ${module}`)?.time;
  if (time === undefined) throw new Error(`${module} was not measured`);
  return { shown: `${module} ${ratio(time)}`, met: time.median / floor <= GOAL };
};

report({
  method: [
    `Fresh V8 contexts with a code cache; medians of ${String(ROUNDS)} interleaved rounds (lowest to highest).`,
    "Each server is an app of its own, bundled by Convex's own command line; weighed is a module with all that it imports. The floor is a bare httpAction that is one more module of the same app as Toolgate: Convex's client code is shared by all modules of an app, so the more of it an app uses, the more each of its modules evaluates.",
    "Convex's bundler has every function at the top of a module told its name, which costs more than to make it; a column tells what is left without. Convex does not minify; the last column tells how much of a bundle is code.",
  ],
  tables: [
    {
      title: "Evaluation of what a request needs",
      head: ["bundle", "ms", "to the floor", "ms without names", "bytes", "minified"],
      rows: measured.map(({ name, bytes, minified, time, nameless }) => [
        name,
        showSpread(time),
        ratio(time),
        show(nameless.median),
        bytes,
        minified,
      ]),
    },
  ],
  figures: {
    "cold http.ts": figureOf("http.ts"),
    "cold gate.ts": figureOf("gate.ts"),
  },
});
