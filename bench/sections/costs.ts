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
import { isQuick, report, type Cell, type Figure } from "../lib/report";
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
  title: "What a request costs",
  method: [
    "Counted, not assumed: the whole app runs in convex-test, and all that its functions ask of Convex is recorded. Calls are `ctx.run*` of the HTTP action, which Convex bills on top of the HTTP action itself. Rows read are those that queries gave back. The gate's rows are those of its admission: key, role, buckets, audit, and of a job what starts it; the tool's are all others. A bucket whose first shard is empty is looked at once more, so calls near the limit read up to one row more per bucket.",
    "An admission that Convex gives up because of write conflicts is made once more: that is one call more for a call that would else have failed. The least server with tokens asks for the token's row and calls the tool; it has no limits, no roles and no audit log. The keys by whose number an admission is measured are, but one, rows that nobody uses.",
  ],
  tables: [
    {
      title: "Per request",
      head: ["request", "calls", "gate: rows read", "written", "tool: rows read", "written"],
      rows: [...measured].map(([name, { calls, read, written, others }]) => [
        ...[name, calls, read, written, ...others],
      ]),
    },
    {
      title: "By number of keys: what an admission does",
      head: ["keys", "rows read", "index ranges read", "rows written"],
      rows: byKeys,
    },
    {
      title: "In a month of 31 days, worked out",
      head: ["what", "calls"],
      rows: [
        ["a client that always listens, with the list of tools alone", listening],
        ["a deployment that nobody calls: its crons", idle],
      ],
    },
  ],
  findings: [
    `The audit row of a tool's call has ${show(bytes)} bytes (median). Convex stores each index as another copy of the table, so ${String(copies)} in all: ${show((bytes * copies) / 1000)} KB a call.`,
  ],
  figures: {
    "calls of a listener": { shown: show(listening), met: listening <= 300_000 },
    "calls of an idle deployment": { shown: show(idle), met: idle <= 5_000 },
    "calls junk": callsOf(0, "junk key", "mistyped key"),
    "calls denied": callsOf(
      ...([1, "key that was never issued", "tool the role does not allow", OVER_LIMIT] as const),
    ),
    "calls malformed": callsOf(1, "malformed body"),
    "calls list": callsOf(2, "tools/list", "resources/list", "server/discover", "initialize"),
    "calls query": callsOf(2, "query tool (stock_level)"),
    "calls mutation": callsOf(
      1,
      "mutation tool (customers_create)",
      "mutation tool (orders_create), idempotency key",
    ),
    "rows of an admission": rowsOfAdmissions(),
    "rows by keys": {
      shown: isSame ? `the same with 10 and with ${show(COUNTS.at(-1) ?? NaN)}` : "they grow",
      met: isSame,
    },
  },
});
