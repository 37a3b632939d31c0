/** 10 to 100,000 keys: what an admission reads and writes, in convex-test. */
import { internal } from "../../convex/_generated/api";
import http from "../../convex/http";
import { addDemo, ask, issueKey, newBackend } from "../lib/backend";
import { install, recorded, recordingRoutes } from "../lib/recorder";
import { isQuick, type Table } from "../lib/report";

const name = (index: number): string => String(index).padStart(12, "0");

export const byKeys = async (): Promise<{ table: Table; same: boolean; most: number }> => {
  const t = newBackend({ http: recordingRoutes(http) });
  install();
  await addDemo(t);
  const key = await issueKey(t);
  const [model] = (await t.query(internal.toolgate.admin.listKeys, { tenant: "acme" })).keys;
  const add = (from: number, to: number) =>
    t.run(async (ctx) => {
      const row = await ctx.db.query("toolgateKeys").first();
      if (row === null || model === undefined) throw new Error("no key");
      const { _id, _creationTime, ...fields } = row;
      for (let index = from; index < to; index++)
        await ctx.db.insert("toolgateKeys", { ...fields, keyId: name(index), hash: name(index) });
    });
  const rows = [];
  let keys = 1;
  for (const count of isQuick ? [10, 100] : [10, 1_000, 100_000]) {
    await add(keys, count);
    keys = count;
    const work = () => ask(t, { era: "2025", key, method: "ping" });
    const { result, calls } = await recorded(work);
    if (result.status !== 200) throw new Error(await result.text());
    const [admission] = calls;
    rows.push([
      count,
      admission?.rowsRead ?? NaN,
      admission?.reads.length ?? NaN,
      admission?.writes.length ?? NaN,
    ]);
  }
  const same = new Set(rows.map((row) => row.slice(1).join())).size === 1;
  return {
    same,
    most: keys,
    table: {
      title: "By number of keys (convex-test): what an admission does",
      head: ["keys", "rows read", "index ranges read", "rows written"],
      rows,
    },
  };
};
