/** What each server would deploy, bundled as Convex's own bundler does it, but whole, since node:vm runs scripts only. */
import path from "node:path";
import { build } from "esbuild";
import { root } from "./root";

/** Name → module. Convex evaluates one of them, with all that it imports, for each call of a function in it. */
const entries = {
  "bare httpAction": "bench/cold/bare.ts",
  "Toolgate, http.ts": "convex/http.ts",
  "Toolgate, gate.ts": "convex/gate.ts",
  "Toolgate, jobs.ts": "convex/jobs.ts",
  "Toolgate, catalog.ts (cached by Convex)": "convex/catalog.ts",
  "a tool module with zod (erp/stock.ts)": "convex/erp/stock.ts",
  "convex-mcp-gateway, http.ts": "bench/app/gateway.ts",
  "mcp-lite with zod": "bench/cold/mcpLite.ts",
  "@modelcontextprotocol/server": "bench/cold/sdkServer.ts",
  "@modelcontextprotocol/sdk": "bench/cold/sdkClassic.ts",
} as const;

export interface Bundle {
  readonly name: string;
  readonly code: string;
  /** In bytes; Convex does not minify. */
  readonly minified: number;
}

const bundle = async (file: string, minify: boolean): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, file)],
    bundle: true,
    platform: "browser",
    format: "iife",
    target: "esnext",
    conditions: ["convex", "module"],
    // Convex has these as globals and maps the module to them.
    external: ["node:async_hooks", "async_hooks"],
    minify,
    write: false,
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
};

export const makeBundles = (): Promise<Bundle[]> =>
  Promise.all(
    Object.entries(entries).map(async ([name, file]) => {
      const [code, small] = await Promise.all([bundle(file, false), bundle(file, true)]);
      return { name, code, minified: small.length };
    }),
  );
