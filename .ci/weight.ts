/**
 * `npm run weight`: what Convex evaluates anew for every call, side by side. Both bundles of a pair are evaluated in fresh contexts with
 * code cache, in turn, in one run. OAuth may add 15 % to http.ts. What an adopter deploys from the package weighs as much as what this
 * repository deploys from its sources, but for the noise of the clock.
 */
import path from "node:path";
import { Script, createContext } from "node:vm";
import { build, type Plugin } from "esbuild";
import { buildPackage } from "./build";

const ROUNDS = 400;

const imports = `
  import { httpRouter } from "convex/server";
  import { mcp, registerRoutes } from "../src/entry/http";
  import { compose } from "../src/entry/middleware";
  import { httpAction } from "./_generated/server";
  import { icon } from "./erp/icon";
  import { chain } from "./toolgate/chain";
  import { app } from "./toolgate/tools";
  const http = httpRouter();
  http.route({ path: "/icon.png", method: "GET", handler: icon });`;

const without = `${imports} registerRoutes(http, httpAction(compose(...chain)(mcp(app))), app); export default http;`;
const withOAuth = `export { default } from "./http";`;
const gate = `export { admit } from "./toolgate/gate";`;

/** Takes the library from the built package, as an adopter's app does. */
const fromPackage: Plugin = {
  name: "from the package",
  setup: (own) => {
    own.onResolve({ filter: /\/src\/entry\// }, ({ path: from }) => ({
      path: path.resolve("dist/src/entry", `${path.basename(from)}.js`),
    }));
  },
};

const bundle = async (contents: string, plugins: Plugin[] = []): Promise<string> => {
  const { outputFiles } = await build({
    ...{ stdin: { contents, resolveDir: "convex", loader: "ts" }, bundle: true, write: false },
    ...{ format: "iife", globalName: "http", target: "esnext", conditions: ["convex", "module"] },
    plugins,
  });
  return outputFiles[0]?.text ?? "";
};

/** What Convex has and the modules touch while they are evaluated. */
const globals = () => ({
  ...{
    console,
    URL,
    URLSearchParams,
    TextEncoder,
    TextDecoder,
    crypto,
    Headers,
    Request,
    Response,
  },
  ...{ ReadableStream, AbortController, setTimeout, clearTimeout, atob, btoa, fetch },
  process: { env: {} },
});

const evaluate = (source: string, cachedData: Buffer): number => {
  const context = createContext(globals());
  const startedAt = performance.now();
  new Script(source, { cachedData }).runInContext(context);
  return performance.now() - startedAt;
};

const cacheOf = (source: string): Buffer => {
  const script = new Script(source);
  script.runInContext(createContext(globals()));
  return script.createCachedData();
};

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

interface Pair {
  readonly what: string;
  /** What the second may be of the first. */
  readonly most: number;
  readonly sources: readonly [string, string];
}

/** Evaluates both in turn, prints what it found, and returns whether the second is light enough. */
const weigh = ({ what, most, sources }: Pair): boolean => {
  const times: number[][] = [[], []];
  const caches = sources.map(cacheOf);
  for (let round = 0; round < ROUNDS; round++)
    for (const at of round % 2 === 0 ? [0, 1] : [1, 0])
      times[at]?.push(evaluate(sources[at] ?? "", caches[at] ?? Buffer.alloc(0)));
  const [first = 0, second = 0] = times.map(median);
  const ratio = second / first;
  const bytes = sources.map(({ length }) => length).join(" and ");
  console.log(
    `${what}: ${first.toFixed(2)} and ${second.toFixed(2)} ms, ${bytes} bytes: ${ratio.toFixed(2)} times, ${String(most)} at most`,
  );
  return ratio <= most;
};

/** From the sources, and from the package. */
const both = async (contents: string): Promise<[string, string]> => [
  await bundle(contents),
  await bundle(contents, [fromPackage]),
];

await buildPackage();
const pairs: readonly Pair[] = [
  {
    what: "http.ts without and with OAuth",
    most: 1.15,
    sources: [await bundle(without), await bundle(withOAuth)],
  },
  { what: "http.ts from sources and package", most: 1.05, sources: await both(withOAuth) },
  { what: "gate.ts from sources and package", most: 1.05, sources: await both(gate) },
];
process.exit(pairs.map(weigh).every(Boolean) ? 0 : 1);
