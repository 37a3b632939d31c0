/**
 * `npm run weight`: what OAuth adds to the evaluation of convex/http.ts, which Convex repeats for every call. Both bundles are evaluated
 * in fresh contexts with code cache, in turn, in one run. It fails above 1.15 times.
 */
import { Script, createContext } from "node:vm";
import { build } from "esbuild";

const MOST = 1.15;
const ROUNDS = 400;

const imports = `
  import { httpRouter } from "convex/server";
  import { mcp, registerRoutes } from "../src/entry/http";
  import { compose } from "../src/entry/middleware";
  import { httpAction } from "./_generated/server";
  import { chain } from "./toolgate/chain";
  import { app } from "./toolgate/tools";
  const http = httpRouter();`;

const without = `${imports} registerRoutes(http, httpAction(compose(...chain)(mcp(app)))); export default http;`;
const withOAuth = `export { default } from "./http";`;

const bundle = async (contents: string): Promise<string> => {
  const { outputFiles } = await build({
    ...{ stdin: { contents, resolveDir: "convex", loader: "ts" }, bundle: true, write: false },
    ...{ format: "iife", globalName: "http", target: "esnext", conditions: ["convex", "module"] },
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

const sources = [await bundle(without), await bundle(withOAuth)];
const times: number[][] = [[], []];
const caches = sources.map(cacheOf);
for (let round = 0; round < ROUNDS; round++)
  for (const at of round % 2 === 0 ? [0, 1] : [1, 0])
    times[at]?.push(evaluate(sources[at] ?? "", caches[at] ?? Buffer.alloc(0)));

const [off = 0, on = 0] = times.map(median);
const bytes = sources.map(({ length }) => length);
console.log(`without OAuth  ${off.toFixed(2)} ms  ${String(bytes[0])} bytes`);
console.log(`with OAuth     ${on.toFixed(2)} ms  ${String(bytes[1])} bytes`);
console.log(`${(on / off).toFixed(2)} times, ${String(MOST)} at most`);
process.exit(on / off <= MOST ? 0 : 1);
