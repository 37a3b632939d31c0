/** The local server: from `npm start` to its first answer, and what others wait while it is busy. */
import { spawn } from "node:child_process";
import { listAgainAndAgain, startImports } from "../../test/local/rush";
import { announced } from "../../test/support/processes";
import { median, spread } from "../lib/numbers";
import { isQuick, report } from "../lib/report";

const STARTS = isQuick ? 1 : 5;
const LINES = isQuick ? 50 : 1_000;

type Server = Awaited<ReturnType<typeof announced>>;

/** Starts a server and asks it for its tools. npm hands the signal that ends it on to the server. */
const serving = async <T>(work: (server: Server) => Promise<T>): Promise<T> => {
  // The lists come faster than any key may.
  const env = { PORT: "0", HOST: "127.0.0.1", TOOLGATE_LIMIT_SCALE: "1000000" };
  const args = ["start", "--silent", "--", "--json"];
  const server = await announced(spawn("npm", args, { env: { ...process.env, ...env } }));
  let left = 1;
  return listAgainAndAgain(server, () => left-- > 0)
    .then(() => work(server))
    .finally(server.stop);
};

const boots: number[] = [];
for (let count = 0; count < STARTS; count++) {
  const start = performance.now();
  await serving(async () => boots.push((performance.now() - start) / 1000));
}

/** Milliseconds of each list that another tenant has asked for while the imports run. */
const waits = await serving(async (server) => {
  let areOver = false;
  const imports = startImports(server, LINES).map(async (one) => (await one).text());
  const all = Promise.all(imports).finally(() => (areOver = true));
  const times = await listAgainAndAgain(server, () => !areOver);
  if ((await all).some((text) => !text.includes("structuredContent"))) throw new Error("no import");
  return times;
});

const [booted, listed] = [`${spread(boots)} s`, `${spread(waits)} ms`];

report({
  ...{ starts: STARTS, booted, lines: LINES, listed },
  boot: { shown: booted, met: median(boots) <= 3 },
  lists: { shown: listed, met: Math.max(...waits) <= 1_000 },
});
