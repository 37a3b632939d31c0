/** What each kind of request costs on Convex: calls of functions and rows, counted while the real app runs in convex-test. */
import { getDocumentSize } from "convex/values";
import http from "../../convex/http";
import { toolgateTables } from "../../src/data/tables";
import { casesOf, plainCalls, type Case } from "../costs/cases";
import { idle, listening } from "../costs/standing";
import { addToken, newTokenBackend } from "../costs/tokens";
import { addDemo, ask, issueKey, newBackend, type Backend } from "../lib/backend";
import { show } from "../lib/markdown";
import {
  install,
  recorded,
  recordingRoutes,
  type Transaction,
} from "../../test/support/recording/recorder";
import { report, type Figure } from "../lib/report";
import { median } from "../lib/stats";

interface Rows {
  readonly read: number;
  readonly written: number;
}

const NONE: Rows = { read: 0, written: 0 };

const without = (all: Rows, part: Rows): Rows => ({
  ...{ read: all.read - part.read, written: all.written - part.written },
});

const total = (calls: readonly Transaction[]): Rows => ({
  read: calls.reduce((sum, { rowsRead }) => sum + rowsRead, 0),
  written: calls.reduce((sum, { writes }) => sum + writes.length, 0),
});

const within = ([from, to]: readonly [number, number]): number => to - from;

/** What the tool of an admission took; a nested function's own nested ones are part of it. */
const ofTool = (admission: Transaction | undefined): Rows => {
  const tool = admission?.nested.at(-1);
  return tool ? { read: within(tool.rowsRead), written: within(tool.writes) } : NONE;
};

interface Cost {
  readonly calls: number;
  readonly gate: Rows;
  readonly tool: Rows;
}

const GATES = ["toolgate/gate:admit", "tokens:find"];

const costOf = (calls: readonly Transaction[]): Cost => {
  const admissions = calls.filter(({ name }) => GATES.includes(name));
  const gate = without(total(admissions), ofTool(admissions[0]));
  return { calls: calls.length, gate, tool: without(total(calls), gate) };
};

const measured = new Map<string, Cost>();

const measure = async (t: Backend, { name, ask: question, status, holds }: Case) => {
  const work = async () => {
    const response = await ask(t, question);
    return { status: response.status, text: await response.text() };
  };
  const { result, calls } = await recorded(work);
  if (result.status !== status || !result.text.includes(holds))
    throw new Error(`${name}: ${String(result.status)} ${result.text.slice(0, 400)}`);
  return costOf(calls);
};

const t = newBackend({ http: recordingRoutes(http) });
install();
await addDemo(t);
for (const one of await casesOf(t)) measured.set(one.name, await measure(t, one));

const OVER_LIMIT = "call over the rate limit";

/** Calls with the limits as shipped until one is refused. */
const countOverLimit = async (): Promise<Cost> => {
  process.env.TOOLGATE_LIMIT_SCALE = "1";
  const question = { era: "2025", key: await issueKey(t), method: "resources/list" } as const;
  for (let count = 0; count < 400; count++) {
    const { result, calls } = await recorded(() => ask(t, question));
    if (result.status === 429) return costOf(calls);
  }
  throw new Error("no limit in sight");
};
measured.set(OVER_LIMIT, await countOverLimit());

const tokens = newTokenBackend();
await addDemo(tokens);
await issueKey(tokens);
for (const one of await plainCalls(tokens, await addToken(tokens)))
  measured.set(`the least server with tokens: ${one.name}`, await measure(tokens, one));

/** What the audit log keeps of a call: its row, which Convex stores once more for each index. */
const auditText = async (): Promise<string> => {
  const all = await t.run((ctx) => ctx.db.query("toolgateAudit").collect());
  const rows = all.filter(({ tool }) => tool !== undefined);
  const bytes = median(rows.map((row) => getDocumentSize(row)));
  const copies = 1 + toolgateTables.toolgateAudit[" indexes"]().length;
  return `The audit row of a tool's call has ${show(bytes)} bytes (median). Convex stores each index as another copy of the table, so ${String(copies)} in all: ${show((bytes * copies) / 1000)} KB a call.`;
};

/** The goal for the calls of some kinds of requests. */
const callsOf = (most: number, ...names: readonly string[]): Figure => {
  const counts = names.map((name) => measured.get(name)?.calls ?? NaN);
  return {
    shown: names.map((name, index) => `${name}: ${String(counts[index])}`).join(", "),
    met: counts.every((count) => count <= most),
  };
};

/** A job or an idempotency key may write one row more. */
const mayWrite = (name: string): number => (/job|idempotency|same/.test(name) ? 5 : 4);

const rowsOfAdmissions = (): Figure => {
  const all = [...measured].map(([name, { gate }]) => ({ name, ...gate }));
  const over = all.filter(({ name, read, written }) => read > 6 || written > mayWrite(name));
  const inside = all.filter((one) => !over.includes(one));
  const most = (of: "read" | "written") => String(Math.max(...inside.map((one) => one[of])));
  const others = over.map(
    ({ name, read, written }) => `, but ${name}: ${String(read)} / ${String(written)}`,
  );
  return { shown: `at most ${most("read")} / ${most("written")}${others.join("")}`, met: !over[0] };
};

report({
  method: [
    "Counted, not assumed: the whole app runs in convex-test, and all that its functions ask of Convex is recorded. Calls are `ctx.run*` of the HTTP action, which Convex bills on top of the HTTP action itself. Rows read are those that queries gave back. The gate's rows are those of its admission: key, role, buckets, audit, and of a job what starts it; the tool's are all others. A bucket whose first shard is empty is looked at once more, so calls near the limit read up to one row more per bucket.",
    "An admission that Convex gives up because of write conflicts is made once more: that is one call more for a call that would else have failed. The least server with tokens asks for the token's row and calls the tool; it has no limits, no roles and no audit log.",
  ],
  tables: [
    {
      title: "Per request",
      head: ["request", "calls", "gate: rows read", "written", "tool: rows read", "written"],
      rows: [...measured].map(([name, { calls, gate, tool }]) => [
        ...[name, calls, gate.read, gate.written, tool.read, tool.written],
      ]),
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
  findings: [await auditText()],
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
  },
});
