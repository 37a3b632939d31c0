/** How cost grows with the keys and the tools that an app has. */
import http from "../../convex/http";
import { useConvexCrypto } from "../lib/convexCrypto";
import { addDemo, ask, issueKey, newBackend } from "../lib/backend";
import { show, showSpread } from "../lib/markdown";
import { requestOf, textOf, type Ask } from "../lib/mcpRequest";
import { install, recorded, recordingRoutes } from "../../test/support/recording/recorder";
import { isQuick, report, type Cell } from "../lib/report";
import { spread } from "../lib/stats";
import { toolNames } from "../peers/peer";
import { toolgate } from "../peers/toolgate";

await useConvexCrypto();

const TOOLS = [10, 100, 1_000];
const KEYS = isQuick ? [10, 100] : [10, 1_000, 100_000];
const ROUNDS = isQuick ? 20 : 200;

/** Milliseconds that `work` takes, after a tenth of the rounds to warm up. */
const timed = async (work: () => Promise<unknown>): Promise<string> => {
  const times: number[] = [];
  for (let round = -ROUNDS / 10; round < ROUNDS; round++) {
    const start = performance.now();
    await work();
    if (round >= 0) times.push(performance.now() - start);
  }
  return showSpread(spread(times));
};

/** The list, its first page and read to its end, and a call of the last tool. */
const byTools = async (count: number): Promise<Cell[]> => {
  const names = toolNames(count);
  const name = names.at(-1) ?? "";
  const serve = await toolgate.serve(names);
  const send = async (method: string, params: NonNullable<Ask["params"]>, holds: string) => {
    const ask: Ask = { era: "2025", key: toolgate.key, method, params };
    const text = await textOf(await serve(requestOf(ask)));
    const cursor = /"nextCursor":"([^"]+)"/.exec(text)?.[1];
    if (cursor === undefined && !text.includes(holds)) throw new Error(text.slice(0, 300));
    return cursor;
  };
  const readPage = () => send("tools/list", {}, name);
  const readAll = async () => {
    let cursor = await readPage();
    while (cursor !== undefined) cursor = await send("tools/list", { cursor }, name);
  };
  const call = () => send("tools/call", { name, arguments: { a: 1, b: 2 } }, '"sum":3');
  return [count, await timed(readPage), await timed(readAll), await timed(call)];
};

const tools: Cell[][] = [];
for (const count of TOOLS) tools.push(await byTools(count));

const t = newBackend({ http: recordingRoutes(http) });
install();
await addDemo(t);
const key = await issueKey(t);

/** Adds copies of the key that is there, so that there are so many in all. */
const addKeys = (from: number, to: number) =>
  t.run(async (ctx) => {
    const row = await ctx.db.query("toolgateKeys").first();
    if (row === null) throw new Error("no key");
    const { _id, _creationTime, ...fields } = row;
    for (let index = from; index < to; index++) {
      const keyId = String(index).padStart(12, "0");
      await ctx.db.insert("toolgateKeys", { ...fields, keyId, hash: keyId });
    }
  });

/** What an admission reads and writes. */
const byKeys = async (): Promise<Cell[]> => {
  const work = () => ask(t, { era: "2025", key, method: "ping" });
  const { result, calls } = await recorded(work);
  const [admission] = calls;
  if (result.status !== 200 || !admission) throw new Error(await result.text());
  return [admission.rowsRead, admission.reads.length, admission.writes.length];
};

const keys: Cell[][] = [];
for (const [index, count] of KEYS.entries()) {
  await addKeys(KEYS[index - 1] ?? 1, count);
  keys.push([count, ...(await byKeys())]);
}
const isSame = new Set(keys.map(([, ...rows]) => rows.join())).size === 1;

report({
  method: ["Medians (lowest to highest), one call in flight."],
  tables: [
    {
      title: "By number of keys (convex-test): what an admission does",
      head: ["keys", "rows read", "index ranges read", "rows written"],
      rows: keys,
    },
    {
      title: "By number of tools (stub database), ms",
      head: ["tools", "first page of tools/list", "all pages", "tools/call of the last"],
      rows: tools,
    },
  ],
  figures: {
    "rows by keys": {
      shown: isSame ? `the same with 10 and with ${show(KEYS.at(-1) ?? NaN)}` : "they grow",
      met: isSame,
    },
  },
});
