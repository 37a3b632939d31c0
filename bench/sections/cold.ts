/**
 * Convex evaluates the whole import graph of a function in a fresh V8 context for every call, with a code cache. So does this: what
 * costs is the work that modules do at their top.
 */
import { createContext, Script, type Context } from "node:vm";
import { makeBundles } from "../lib/bundles";
import { show, showSpread } from "../lib/markdown";
import { turned } from "../lib/race";
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

const bundles = (await makeBundles()).map((bundle) => ({
  ...bundle,
  cachedData: cacheOf(bundle.code),
  times: [] as number[],
}));
for (let round = 0; round < ROUNDS; round++) {
  for (const { code, cachedData, times } of turned(bundles, round)) {
    // Else one bundle would pay for what the one before it left behind.
    globalThis.gc?.();
    times.push(evaluate(code, cachedData));
  }
}
const floor = spread(bundles[0]?.times ?? []).median;
const ratio = ({ median }: Spread): string => `${show(median / floor)} ×`;
const GOAL = 1.3;
const measured = bundles.map((bundle) => ({ ...bundle, time: spread(bundle.times) }));
const figureOf = (module: string): Figure => {
  const time = measured.find(({ name }) => name === `Toolgate, ${module}`)?.time;
  if (time === undefined) throw new Error(`${module} was not measured`);
  return { shown: `${module} ${ratio(time)}`, met: time.median / floor <= GOAL };
};

report({
  method: [
    `Fresh V8 contexts with a code cache; medians of ${String(ROUNDS)} interleaved rounds (lowest to highest).`,
    "Each server is an app of its own, bundled by Convex's own command line; weighed is a module with all that it imports. Convex does not minify; the last column tells how much of a bundle is code.",
  ],
  tables: [
    {
      title: "Evaluation of what a request needs",
      head: ["bundle", "ms", "to the bare httpAction", "bytes", "minified"],
      rows: measured.map(({ name, bytes, minified, time }) => [
        name,
        showSpread(time),
        ratio(time),
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
