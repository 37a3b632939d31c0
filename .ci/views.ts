/**
 * Builds the views of the ERP: of each folder of views/ with a `main.tsx` one HTML document that holds all it needs, and of these the module
 * that the ERP serves them from. Git ignores the module, as it does dist/.
 */
import { readdir, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { build, type Rolldown } from "vite";

const root = path.resolve(import.meta.dirname, "..");
const folder = path.join(root, "views");

/** The module of the documents, each by the name of its folder. */
const MODULE = path.join(root, "convex/erp/viewPages.js");

/** What a document may weigh, in bytes. Clients read it into the page of a conversation. */
const MOST = 80_000;

/** Browsers that know `light-dark()`, by which clients give their colours. */
const BROWSERS = ["chrome123", "firefox120", "safari17.5"];

const bundle = async (name: string): Promise<Rolldown.RolldownOutput> =>
  (await build({
    ...{ root: path.join(folder, name), configFile: false, logLevel: "warn" },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      ...{ write: false, target: BROWSERS, cssTarget: BROWSERS, modulePreload: false },
      rolldownOptions: {
        input: path.join(folder, name, "main.tsx"),
        output: { format: "iife" },
      },
    },
  })) as Rolldown.RolldownOutput;

/** @throws Error if a text would end the element that it stands in, or begin a comment there */
const inElement = (text: string): string => {
  const [found] = /<\/script|<\/style|<!--/i.exec(text) ?? [];
  if (found !== undefined)
    throw new Error(`A view holds "${found}", which ends its script or style`);
  return text.trim();
};

const documentOf = (name: string, { output }: Rolldown.RolldownOutput): string => {
  const script = output.map((file) => (file.type === "chunk" ? file.code : "")).join("");
  const style = output.map((file) => (file.type === "asset" ? String(file.source) : "")).join("");
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${name}</title><style>${inElement(style)}</style></head>`,
    `<body><script>${inElement(script)}</script></body></html>`,
  ].join("");
};

/** Writes the module anew. @throws Error if a view is too large, or does not build */
export const buildViews = async (): Promise<void> => {
  const names = (await readdir(folder)).filter((name) =>
    existsSync(path.join(folder, name, "main.tsx")),
  );
  const lines = names.sort().map(async (name) => {
    const text = documentOf(name, await bundle(name));
    const size = Buffer.byteLength(text);
    if (size > MOST) throw new Error(`The view ${name} has ${size} bytes, at most ${MOST}`);
    return `export const ${name} = ${JSON.stringify(text)};\n`;
  });
  await writeFile(MODULE, (await Promise.all(lines)).join(""));
};
