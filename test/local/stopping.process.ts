/** How a local server is found in its folder, and how it ends: by a signal, with npm, and amid work. */
import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { cli, newFolder, removeFolder, running, startJson, stopAll } from "../support/processes";
import { listAgainAndAgain, pidIn, startImports, workOf } from "./rush";

/** Each start of a process takes seconds, and more where other test files run beside this one. */
vi.setConfig({ testTimeout: 60_000 });

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

type Server = Awaited<ReturnType<typeof startJson>>;

let folder: string;
let server: Server;

beforeAll(async () => {
  folder = await newFolder();
  server = await startJson(folder, { TOOLGATE_LIMIT_SCALE: "1000000" });
});

afterAll(async () => {
  await stopAll();
  await removeFolder(folder);
});

/** Beside them lies the bundle of a start that is under way. */
const stateFiles = async (place = folder) =>
  (await readdir(path.join(place, ".toolgate"))).filter((name) => !name.startsWith("start-"));

describe("two servers in one folder", () => {
  const target = async (): Promise<string> => {
    const { stderr } = await cli(folder, ["roles", "list", "--local"]);
    return /Target: the local server, (\S+)/.exec(stderr)?.[1] ?? stderr;
  };
  const originOf = ({ url }: Server) => new URL(url).origin;

  test.each(["SIGTERM", "SIGKILL"] as const)(
    "the newer is taken, and the older again once that has ended by %s",
    async (signal) => {
      const newer = await startJson(folder);
      const { hostname, port } = new URL(newer.url);
      const socket = connect(Number(port), hostname);
      const cut = new Promise((resolve) => socket.on("close", resolve).on("error", () => null));
      socket.write("POST /mcp HTTP/1.1\r\n");
      expect(await target()).toBe(originOf(newer));
      expect(await newer.stop(signal)).toBe(signal === "SIGTERM" ? 0 : null);
      await cut;
      expect(await target()).toBe(originOf(server));
    },
  );

  test("one that was killed leaves a file until the next one starts", async () => {
    expect(await stateFiles()).toHaveLength(2);
    const next = await startJson(folder);
    expect(await stateFiles()).toHaveLength(2);
    await next.stop();
    expect(await stateFiles()).toHaveLength(1);
  });
});

// By its port, not by its id: a process that has ended keeps that until the first process of the machine has heard of it.
test("npm start ends with its npm, which passes a signal to a shell only", async () => {
  const npm = spawn("npm", ["start", "--", "--json"], {
    cwd: ROOT,
    env: { ...process.env, PORT: "0" },
  });
  const { output, stop } = await running(npm, /^\{.*\}\n/m);
  const { url } = JSON.parse(/^\{.*/m.exec(output().stdout)![0]) as { url: string };
  const isOpen = () => fetch(url).then(Boolean, () => false);
  expect(await isOpen()).toBe(true);
  const files = (await stateFiles(ROOT)).map((file) => path.join(ROOT, ".toolgate", file));
  const states = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  const { pid } = JSON.parse(states.find((state) => state.includes(url))!) as { pid: number };
  void stop();
  try {
    await expect.poll(isOpen, { timeout: 20_000 }).toBe(false);
  } finally {
    if (await isOpen()) process.kill(pid);
  }
  expect(await stateFiles(ROOT)).not.toContain(`local-${pid}.json`);
});

// busy.slow.ts runs the imports to their end.
test("four imports keep nobody waiting for a second, nor the end of the server for two", async () => {
  // The first answer loads the catalog.
  let left = 1;
  await listAgainAndAgain(server, () => left-- > 0);
  const bodies = startImports(server).map(async (response) => (await response).text());
  const imports = Promise.allSettled(bodies);
  const until = performance.now() + 3_000;
  const within = () => performance.now() < until;
  const times = await listAgainAndAgain(server, within, workOf(await pidIn(folder)));
  expect(Math.max(...times)).toBeLessThan(1_000);
  const asked = performance.now();
  expect(await server.stop()).toBe(0);
  expect(performance.now() - asked).toBeLessThan(2_000);
  expect(await stateFiles()).toEqual([]);
  // All four were at work until it ended.
  expect((await imports).map(({ status }) => status)).toEqual(Array(4).fill("rejected"));
});
