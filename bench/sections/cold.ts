/**
 * Convex evaluates the whole import graph of a function in a fresh V8 context for every call, with a code cache. So does this: what
 * costs is the work that modules do at their top.
 */
import { createContext, Script, type Context } from "node:vm";
import { BARE, makeBundles } from "../lib/bundles";
import { now } from "../lib/clock";
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
  const start = now();
  const script = new Script(code, { cachedData });
  script.runInContext(context);
  const took = now() - start;
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
const timeOf = (name: string): Spread => {
  const found = measured.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} was not measured`);
  return found.time;
};
const floor = timeOf(BARE).median;
const times = (ratio: number): string => `${show(ratio)} ×`;
const ratio = ({ median }: Spread): string => times(median / floor);

/** Modules that stand beside each other, and what they may be of the bare httpAction. */
const figureOf = (most: number, ...modules: readonly string[]): Figure => {
  const ratios = modules.map((module) => timeOf(`Toolgate, ${module}`).median / floor);
  const shown = modules.map((module, index) => `${module} ${times(ratios[index] ?? NaN)}`);
  return { shown: shown.join(", "), met: ratios.every((one) => one <= most) };
};

const GATE = ["Toolgate, http.ts", "Toolgate, gate.ts"];
const READING = [...GATE, "Toolgate, reading.ts"];

/** All modules that a call evaluates, those that the floor would, and what the one may be of the other. */
const calls = {
  "query, with v": {
    ...{ modules: [...READING, "a query tool written with v"], most: 3 },
    floor: [BARE, "bare query, in the same app"],
  },
  "mutation, with v": {
    ...{ modules: [...GATE, "a mutation tool written with v"], most: 2.5 },
    floor: [BARE, "bare mutation, in the same app"],
  },
  "query of the ERP": {
    ...{ modules: [...READING, "a query tool of the ERP, with zod (erp/stock.ts)"], most: 3.5 },
    floor: [BARE, "bare query, in the same app"],
  },
  "mutation of the ERP": {
    modules: [...GATE, "a mutation tool of the ERP, with zod (erp/customers.ts)"],
    ...{ floor: [BARE, "bare mutation, in the same app"], most: 3 },
  },
} as const;

const sum = (names: readonly string[]): number =>
  names.reduce((total, name) => total + timeOf(name).median, 0);

const paths = Object.entries(calls).map(([call, { modules, floor: bare, most }]) => {
  const [all, least] = [sum(modules), sum(bare)];
  return { call, all, least, most, ratio: all / least };
});

const pathFigure = (of: string): Figure => {
  const found = paths.filter(({ call }) => call.endsWith(of));
  return {
    shown: found.map(({ call, ratio: one }) => `${call} ${times(one)}`).join(", "),
    met: found.every(({ ratio: one, most }) => one <= most),
  };
};

report({
  method: [
    `Fresh V8 contexts with a code cache; medians of ${String(ROUNDS)} interleaved rounds (lowest to highest).`,
    "Each server is an app of its own, bundled by Convex's own command line; weighed is a module with all that it imports. Toolgate is taken from the package, as its adopters take it. The floor is a bare httpAction that is one more module of the same app as Toolgate: Convex's client code is shared by all modules of an app, so the more of it an app uses, the more each of its modules evaluates.",
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
    {
      title:
        "All that a call evaluates: http.ts with OAuth, gate.ts, for a query reading.ts, the tool's module",
      head: ["call", "ms", "bare httpAction and function, ms", "to that"],
      rows: paths.map(({ call, all, least, ratio: one }) => [call, all, least, times(one)]),
    },
  ],
  figures: {
    "cold without OAuth": figureOf(1.3, "http.ts without OAuth", "gate.ts"),
    "cold with OAuth": figureOf(1.5, "http.ts", "gate.ts"),
    "path with v": pathFigure("with v"),
    "path of the ERP": pathFigure("of the ERP"),
  },
});
