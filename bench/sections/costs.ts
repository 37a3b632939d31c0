/** What each kind of request costs on Convex: calls of functions and rows, counted while the real app runs in convex-test. */
import { getDocumentSize } from "convex/values";
import { toolgateTables } from "../../src/data/tables";
import { install, recorded, type Transaction } from "../../test/support/recording/recorder";
import { casesOf, plainCalls } from "../costs/cases";
import { idle, listening } from "../costs/standing";
import { newTokenBackend } from "../costs/tokens";
import { issueKey, measure, newBackend, storedKey } from "../lib/backend";
import { initOf } from "../lib/mcpRequest";
import { median, show, sum } from "../lib/numbers";
import type { Cell, Figure } from "../lib/page";
import { isQuick, report } from "../lib/report";
import { KEY } from "../peers/peer";

const GATES = ["toolgate/gate:admit", "tokens:find"];

const rowsOf = (calls: readonly Transaction[]) => ({
  read: sum(calls.map(({ rowsRead }) => rowsRead)),
  written: sum(calls.map(({ writes }) => writes.length)),
});

const within = ([from, to]: readonly [number, number] = [0, 0]): number => to - from;

/** The tool of an admission is what it runs last; a nested function's own nested ones are part of it. */
const costOf = (calls: readonly Transaction[]) => {
  const admissions = calls.filter(({ name }) => GATES.includes(name));
  const [all, both, tool] = [rowsOf(calls), rowsOf(admissions), admissions[0]?.nested.at(-1)];
  const read = both.read - within(tool?.rowsRead);
  const written = both.written - within(tool?.writes);
  return { calls: calls.length, read, written, others: [all.read - read, all.written - written] };
};

const measured = new Map<string, ReturnType<typeof costOf>>();
const t = await newBackend();
install();
for (const [name, one] of Object.entries(await casesOf(t)))
  measured.set(name, costOf(await measure(t, ...one)));

/** Calls with the limits as shipped until one is refused. */
process.env.TOOLGATE_LIMIT_SCALE = "1";
const OVER_LIMIT = "call over the rate limit";
const eager = initOf({ era: "2025", key: await issueKey(t), method: "resources/list" });
for (let count = 0; count < 400 && !measured.has(OVER_LIMIT); count++) {
  const { result, calls } = await recorded(() => t.fetch("/mcp", eager));
  if (result.status === 429) measured.set(OVER_LIMIT, costOf(calls));
}

const tokens = await newTokenBackend();
for (const [name, one] of Object.entries(await plainCalls(tokens, KEY)))
  measured.set(`the least server with tokens: ${name}`, costOf(await measure(tokens, ...one)));

/** What the audit log keeps of a call: its row, which Convex stores once more for each index. */
const audit = await t.run(({ db }) => db.query("toolgateAudit").collect());
const bytes = median(audit.filter(({ tool }) => tool !== undefined).map(getDocumentSize));
const copies = 1 + toolgateTables.toolgateAudit[" indexes"]().length;

const ping = { era: "2025", key: await issueKey(t), method: "ping" } as const;
const { keyId: _ours, ...unused } = await storedKey(t);

/** What an admission does, by the number of keys. */
const COUNTS = isQuick ? [10, 100] : [10, 1_000, 100_000];
const byKeys: Cell[][] = [];
for (const count of COUNTS) {
  await t.run(async ({ db }) => {
    const before = (await db.query("toolgateKeys").collect()).length;
    for (let index = before; index < count; index++)
      await db.insert("toolgateKeys", { ...unused, keyId: String(index).padStart(12, "0") });
  });
  const { rowsRead, reads, writes } = (await measure(t, ping))[0]!;
  byKeys.push([count, rowsRead, reads.length, writes.length]);
}
const isSame = new Set(byKeys.map(([, ...rows]) => rows.join())).size === 1;

/** The goal for the calls of some kinds of requests. */
const callsOf = (most: number, ...names: readonly string[]): Figure => {
  const counts = names.map((name) => measured.get(name)?.calls ?? NaN);
  return {
    shown: names.map((name, index) => `${name}: ${String(counts[index])}`).join(", "),
    met: counts.every((count) => count <= most),
  };
};

const rowsOfAdmissions = (): Figure => {
  const costs = [...measured.values()];
  // A job or an idempotency key may write one row more.
  const over = [...measured].filter(
    ([name, { read, written }]) =>
      read > 6 || written > (/job|idempotency|same/.test(name) ? 5 : 4),
  );
  const most = (of: "read" | "written") => String(Math.max(...costs.map((one) => one[of])));
  const others = over.map(([name]) => `, too many: ${name}`).join("");
  return { shown: `at most ${most("read")} / ${most("written")}${others}`, met: over.length === 0 };
};

report({
  ...{ keys: byKeys, bytes, copies, kilobytes: (bytes * copies) / 1000 },
  requests: [...measured].map(([name, { calls, read, written, others }]) => [
    ...[name, calls, read, written, ...others],
  ]),
  listener: { shown: show(listening), met: listening <= 300_000 },
  idle: { shown: show(idle), met: idle <= 5_000 },
  junk: callsOf(0, "junk key", "mistyped key"),
  denied: callsOf(1, "key that was never issued", "tool the role does not allow", OVER_LIMIT),
  malformed: callsOf(1, "malformed body"),
  list: callsOf(2, "tools/list", "resources/list", "server/discover", "initialize"),
  query: callsOf(2, "query tool (stock_level)"),
  mutation: callsOf(
    1,
    "mutation tool (customers_create)",
    "mutation tool (orders_create), idempotency key",
  ),
  admission: rowsOfAdmissions(),
  "any number of keys": {
    shown: isSame ? `the same with 10 and with ${show(COUNTS.at(-1) ?? NaN)}` : "they grow",
    met: isSame,
  },
});
