/** The local server: from `npm start` to its first answer, and what others wait while it is busy. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { requestOf, type Ask } from "../lib/mcpRequest";
import { show, showSpread } from "../lib/markdown";
import { isQuick, report } from "../lib/report";
import { spread } from "../lib/stats";

interface Started {
  readonly url: string;
  readonly keys: readonly {
    readonly tenant: string;
    readonly role: string;
    readonly key: string;
  }[];
}

const IMPORTS = 4;
const LINES = isQuick ? 50 : 1_000;

const post = async (url: string, ask: Ask): Promise<string> => {
  const { headers, method, body } = requestOf(ask);
  headers.delete("host");
  const response = await fetch(url, { method, headers, body, duplex: "half" } as RequestInit);
  return response.text();
};

const list = async ({ url }: Started, key: string): Promise<number> => {
  const start = performance.now();
  const text = await post(url, { era: "2025", method: "tools/list", key });
  if (!text.includes('"tools"')) throw new Error("no list of tools");
  return performance.now() - start;
};

/** Starts the server in a process group of its own, since npm starts a shell that starts Node, and ends it after the work. */
const serving = async <T>(work: (server: Started) => Promise<T>): Promise<T> => {
  const child = spawn("npm", ["start", "--silent", "--", "--json"], {
    env: { ...process.env, PORT: "0", HOST: "127.0.0.1" },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  const ended = once(child, "exit");
  try {
    let line = "";
    for await (const chunk of child.stdout) {
      line += String(chunk);
      if (line.includes("\n")) break;
    }
    return await work(JSON.parse(line) as Started);
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    await ended;
  }
};

const boot = async (): Promise<number> => {
  const start = performance.now();
  return serving(async (server) => {
    await list(server, server.keys[0]?.key ?? "");
    return performance.now() - start;
  });
};

const customers = (run: number): string =>
  Array.from({ length: LINES }, (_, line) =>
    JSON.stringify({
      name: `C ${String(line)}`,
      email: `c${String(run)}.${String(line)}@x.example`,
    }),
  ).join("\n");

/** Milliseconds of each list that another tenant has asked for while the imports run. */
const listsWhileImporting = (): Promise<number[]> =>
  serving(async (server) => {
    const admins = server.keys.filter(({ role }) => role === "admin");
    const [busy, other] = admins;
    if (busy === undefined || other === undefined) throw new Error("the demo has one tenant only");
    let running = true;
    const imports = Promise.all(
      Array.from({ length: IMPORTS }, (_, run) => {
        const params = { name: "customers_import", arguments: { lines: customers(run) } };
        return post(server.url, { era: "2025", method: "tools/call", params, key: busy.key });
      }),
    ).finally(() => (running = false));
    const times: number[] = [];
    while (running) {
      times.push(await list(server, other.key));
      // A key has a limit, too.
      await setTimeout(500);
    }
    const told = await imports;
    if (!told.every((text) => text.includes('"result"')))
      throw new Error(told.join().slice(0, 300));
    return times;
  });

const times: number[] = [];
for (let round = 0; round < (isQuick ? 1 : 5); round++) times.push((await boot()) / 1000);
const start = spread(times);
const booted = `${showSpread(start)} s`;
const waited = spread(await listsWhileImporting());
const lists = `${show(Math.round(waited.median))} (${show(Math.round(waited.min))} to ${show(Math.round(waited.max))}) ms`;

report({
  method: [
    `From \`npm start\` until \`tools/list\` has been answered over HTTP: ${booted}, ${String(times.length)} starts.`,
    `While ${String(IMPORTS)} calls of customers_import with ${show(LINES)} lines each run at once, another tenant's \`tools/list\`, one after the other: ${lists}.`,
  ],
  tables: [],
  figures: {
    boot: { shown: booted, met: start.median <= 3 },
    "lists while importing": { shown: `${lists}`, met: waited.max <= 1_000 },
  },
});
