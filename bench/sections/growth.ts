/** How cost grows with the keys that an app has. */
import http from "../../convex/http";
import { useConvexCrypto } from "../lib/convexCrypto";
import { addDemo, ask, issueKey, newBackend } from "../lib/backend";
import { show } from "../lib/markdown";
import { install, recorded, recordingRoutes } from "../../test/support/recording/recorder";
import { isQuick, report, type Cell } from "../lib/report";

await useConvexCrypto();

const KEYS = isQuick ? [10, 100] : [10, 1_000, 100_000];
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
  method: ["In convex-test; the keys but one are rows that nobody uses."],
  tables: [
    {
      title: "By number of keys: what an admission does",
      head: ["keys", "rows read", "index ranges read", "rows written"],
      rows: keys,
    },
  ],
  figures: {
    "rows by keys": {
      shown: isSame ? `the same with 10 and with ${show(KEYS.at(-1) ?? NaN)}` : "they grow",
      met: isSame,
    },
  },
});
