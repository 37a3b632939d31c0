/**
 * `node --import ./globSync.js`: lets the suite's command line start on Node 20, whose `fs` has no `globSync`. It imports the name
 * for its `tier-check` alone, which is not used here; the import is left out as the file is loaded.
 */
import * as fs from "node:fs";
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

// Node loads this file a second time, in the thread of the hooks.
if (isMainThread && !("globSync" in fs)) register(import.meta.url);

export const load = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  if (!url.endsWith("/@modelcontextprotocol/conformance/dist/index.js")) return loaded;
  return { ...loaded, source: String(loaded.source).replace(/\bglobSync as \w+,/, "") };
};
