/** From `npm start` to the first answer of the local server. */
import { spawn } from "node:child_process";
import { requestOf } from "../lib/mcpRequest";
import { showSpread } from "../lib/markdown";
import { isQuick, report } from "../lib/report";
import { spread } from "../lib/stats";

interface Started {
  readonly url: string;
  readonly keys: readonly { readonly key: string }[];
}

/** Starts the server in a process group of its own, since npm starts a shell that starts Node. */
const boot = async (): Promise<number> => {
  const start = performance.now();
  const child = spawn("npm", ["start", "--silent", "--", "--json"], {
    env: { ...process.env, PORT: "0", HOST: "127.0.0.1" },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    let line = "";
    for await (const chunk of child.stdout) {
      line += String(chunk);
      if (line.includes("\n")) break;
    }
    const { url, keys } = JSON.parse(line) as Started;
    const { headers, method, body } = requestOf({
      era: "2025",
      method: "tools/list",
      key: keys[0]?.key,
    });
    headers.delete("host");
    const response = await fetch(url, { method, headers, body, duplex: "half" } as RequestInit);
    if (!(await response.text()).includes('"tools"')) throw new Error("no list of tools");
    return performance.now() - start;
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    await ended;
  }
};

const times: number[] = [];
for (let round = 0; round < (isQuick ? 1 : 5); round++) times.push((await boot()) / 1000);
const all = spread(times);
const shown = `${showSpread(all)} s`;

report({
  method: [
    `From \`npm start\` until \`tools/list\` has been answered over HTTP: ${shown}, ${String(times.length)} starts.`,
  ],
  tables: [],
  figures: { boot: { shown, met: all.median <= 3 } },
});
