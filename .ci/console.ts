/** Builds the operator's console: one page and its files, from console/ to dist/console/. */
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";

const root = path.resolve(import.meta.dirname, "..");
const source = path.join(root, "console");
const target = path.join(root, "dist/console");

/** What the first screen may weigh over the wire, in bytes. */
const MOST = 350 * 1024;

/** @rjsf/core imports the validator that it does not depend on, and that needs `eval`. */
const stubs = { "@rjsf/validator-ajv8": path.join(source, "stubs/validator.ts") };

/** The libraries mark what a server may not render; this page is rendered nowhere else. */
const isNoise = ({ code }: Rolldown.RolldownLog): boolean => code === "MODULE_LEVEL_DIRECTIVE";

const bundle = async (): Promise<Rolldown.RolldownOutput> =>
  (await build({
    ...{ root: source, base: "/console/", configFile: false, logLevel: "warn" },
    resolve: { alias: stubs },
    oxc: { jsx: { runtime: "automatic", importSource: "react" } },
    build: {
      ...{ outDir: target, emptyOutDir: true, target: "es2023" },
      // A file within the page would need a rule of its own in the Content-Security-Policy.
      ...{ assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 1_000 },
      rolldownOptions: {
        onLog: (level, log, tell) => {
          if (!isNoise(log)) tell(level, log);
        },
      },
    },
  })) as Rolldown.RolldownOutput;

/** The files that a browser fetches before the overview can show anything. */
const firstFiles = ({ output }: Rolldown.RolldownOutput): string[] => {
  const chunks = new Map(
    output.flatMap((file) => (file.type === "chunk" ? [[file.fileName, file]] : [])),
  );
  const found = new Set<string>();
  const add = (name: string): void => {
    const chunk = chunks.get(name);
    if (chunk === undefined || found.has(name)) return;
    found.add(name);
    for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
    chunk.imports.forEach(add);
  };
  for (const [name, { isEntry, facadeModuleId }] of chunks)
    if (isEntry || facadeModuleId?.endsWith("OverviewScreen.tsx") === true) add(name);
  return ["index.html", ...found];
};

const compressed = async (file: string): Promise<number> =>
  gzipSync(await readFile(path.join(target, file))).byteLength;

/** Makes dist/console/ anew. @throws Error if the first screen is too heavy, or does not build */
export const buildConsole = async (): Promise<void> => {
  await rm(target, { recursive: true, force: true });
  const sizes = await Promise.all(firstFiles(await bundle()).map(compressed));
  const size = sizes.reduce((sum, one) => sum + one, 0);
  if (size > MOST)
    throw new Error(`The console's first screen has ${size} bytes compressed, at most ${MOST}`);
  if (process.argv[1] === import.meta.filename)
    console.log(`The console's first screen: ${Math.round(size / 1024)} KB compressed`);
};

if (process.argv[1] === import.meta.filename) await buildConsole();
