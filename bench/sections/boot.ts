/** The local server: from `npm start` to its first answer, and what others wait while it is busy. */
import { spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { running, type Announcement } from "../../test/support/processes";
import { callOf, initOf, type Ask } from "../lib/mcpRequest";
import { median, show, spread } from "../lib/numbers";
import { isQuick, report } from "../lib/report";

const STARTS = isQuick ? 1 : 5;
const IMPORTS = 4;
const LINES = isQuick ? 50 : 1_000;

/** @throws Error unless the answer holds that. */
const post = async (url: string, ask: Ask, holds: string): Promise<void> => {
  const { headers, ...init } = initOf(ask);
  const response = await fetch(url, { ...init, headers: { ...headers, host: new URL(url).host } });
  const text = await response.text();
  if (!text.includes(holds)) throw new Error(text.slice(0, 300));
};

const list = (url: string, key: string): Promise<void> =>
  post(url, { era: "2025", method: "tools/list", key }, '"tools"');

/** npm hands the signal that ends it on to the server. */
const serving = async (work: (server: Announcement) => Promise<void>): Promise<void> => {
  const env = { ...process.env, PORT: "0", HOST: "127.0.0.1" };
  const server = await running(spawn("npm", ["start", "--silent", "--", "--json"], { env }), /\n/);
  await work(JSON.parse(server.output().stdout) as Announcement).finally(server.stop);
};

/** Milliseconds. */
const timeOf = async (work: () => Promise<void>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

const boots: number[] = [];
for (let count = 0; count < STARTS; count++) {
  const start = performance.now();
  await serving(async ({ url, keys }) => {
    await list(url, keys[0]?.key ?? "");
    boots.push((performance.now() - start) / 1000);
  });
}

const customers = (run: number): string =>
  Array.from({ length: LINES }, (_, line) =>
    JSON.stringify({
      name: `C ${String(line)}`,
      email: `c${String(run)}.${String(line)}@x.example`,
    }),
  ).join("\n");

/** Milliseconds of each list that another tenant has asked for while the imports run. */
const waits: number[] = [];
await serving(async ({ url, keys }) => {
  const [busy, other] = keys.filter(({ role }) => role === "admin").map(({ key }) => key);
  if (busy === undefined || other === undefined) throw new Error("the demo has one tenant only");
  const imports = Array.from({ length: IMPORTS }, (_, run) =>
    post(url, callOf(busy, "customers_import", { lines: customers(run) }), '"structuredContent"'),
  );
  let running = true;
  const all = Promise.all(imports).finally(() => (running = false));
  while (running) {
    waits.push(await timeOf(() => list(url, other)));
    // A key has a limit, too.
    await setTimeout(500);
  }
  await all;
});

const booted = `${spread(boots)} s`;
const lists = `${spread(waits)} ms`;

report({
  title: "The local server",
  method: [
    `From \`npm start\` until \`tools/list\` has been answered over HTTP: ${booted}, ${String(STARTS)} starts.`,
    `While ${String(IMPORTS)} calls of customers_import with ${show(LINES)} lines each run at once, another tenant's \`tools/list\`, one after the other: ${lists}.`,
  ],
  tables: [],
  figures: {
    boot: { shown: booted, met: median(boots) <= 3 },
    "lists while importing": { shown: lists, met: Math.max(...waits) <= 1_000 },
  },
});
