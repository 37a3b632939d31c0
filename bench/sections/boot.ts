/** The local server: from `npm start` to its first answer, and what others wait while it is busy. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { initOf, type Ask } from "../lib/mcpRequest";
import { show, showSpread } from "../lib/markdown";
import { isQuick, report } from "../lib/report";
import { spread } from "../lib/stats";

interface Started {
  readonly url: string;
  readonly keys: readonly { readonly role: string; readonly key: string }[];
}

const STARTS = isQuick ? 1 : 5;
const IMPORTS = 4;
const LINES = isQuick ? 50 : 1_000;

const post = async (url: string, ask: Ask): Promise<string> => {
  const { headers, ...init } = initOf(ask);
  const response = await fetch(url, { ...init, headers: { ...headers, host: new URL(url).host } });
  return response.text();
};

/** Milliseconds that a list takes. */
const list = async (url: string, key: string): Promise<number> => {
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
  return serving(async ({ url, keys }) => {
    await list(url, keys[0]?.key ?? "");
    return performance.now() - start;
  });
};

const customers = (run: number): string =>
  Array.from({ length: LINES }, (_, line) => {
    const email = `c${String(run)}.${String(line)}@x.example`;
    return JSON.stringify({ name: `C ${String(line)}`, email });
  }).join("\n");

const importAll = async (url: string, key: string | undefined): Promise<void> => {
  const imports = Array.from({ length: IMPORTS }, (_, run) => {
    const params = { name: "customers_import", arguments: { lines: customers(run) } };
    return post(url, { era: "2025", method: "tools/call", params, key });
  });
  for (const text of await Promise.all(imports))
    if (!text.includes('"result"')) throw new Error(text.slice(0, 300));
};

/** Milliseconds of each list that another tenant has asked for while the imports run. */
const listsWhileImporting = (): Promise<number[]> =>
  serving(async ({ url, keys }) => {
    const [busy, other] = keys.filter(({ role }) => role === "admin");
    if (other === undefined) throw new Error("the demo has one tenant only");
    let running = true;
    const imports = importAll(url, busy?.key).finally(() => (running = false));
    const times: number[] = [];
    while (running) {
      times.push(await list(url, other.key));
      // A key has a limit, too.
      await setTimeout(500);
    }
    await imports;
    return times;
  });

const times: number[] = [];
for (let start = 0; start < STARTS; start++) times.push((await boot()) / 1000);
const waited = spread(await listsWhileImporting());
const booted = `${showSpread(spread(times))} s`;
const lists = `${showSpread(waited)} ms`;

report({
  method: [
    `From \`npm start\` until \`tools/list\` has been answered over HTTP: ${booted}, ${String(STARTS)} starts.`,
    `While ${String(IMPORTS)} calls of customers_import with ${show(LINES)} lines each run at once, another tenant's \`tools/list\`, one after the other: ${lists}.`,
  ],
  tables: [],
  figures: {
    boot: { shown: booted, met: spread(times).median <= 3 },
    "lists while importing": { shown: lists, met: waited.max <= 1_000 },
  },
});
