/** `npm start` bundles what it runs: of the files as they are, and with their lines in errors. It leaves nothing of that, however it ends. */
import { spawn, type ChildProcess } from "node:child_process";
import { appendFile, mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyRepository, environment } from "../support/copy";
import { bash, ended, running } from "../support/processes";

const SECONDS = 120_000;

let copy: string;
beforeAll(async () => {
  copy = await copyRepository("start");
}, SECONDS);
afterAll(() => rm(copy, { recursive: true }));

const settings = () => ({ cwd: copy, env: { ...environment, PORT: "0" } });

const npmStart = () => spawn("npm", ["start", "--silent", "--", "--json"], settings());

/** The same without npm, which passes no signal on. */
const start = () => {
  const { cwd, env } = settings();
  const options = { cwd, env: { ...env, npm_lifecycle_event: undefined } };
  return spawn(process.execPath, ["local/start.js", "--json"], options);
};

const place = () => path.join(copy, ".toolgate");

/** Bundles that were not removed. */
const bundles = async (): Promise<string[]> =>
  (await readdir(place()).catch(() => [])).filter((name) => name.startsWith("start-"));

/** Sends a signal to a start while it bundles, and says how it ended. */
const endAmid = async (child: ChildProcess, signal: NodeJS.Signals) => {
  const end = ended(child);
  await expect.poll(bundles, { interval: 10, timeout: 20_000 }).toHaveLength(1);
  child.kill(signal);
  return end;
};

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s while it bundles ends it, and leaves no bundle",
  async (signal) => {
    expect(await endAmid(start(), signal)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await readdir(place())).toEqual([]);
  },
  SECONDS,
);

test(
  "it ends with an npm that ends while it bundles",
  async () => {
    // Its output stays open as long as any process has it.
    expect(await endAmid(npmStart(), "SIGTERM")).toMatchObject({ stdout: "" });
    expect(await readdir(place())).toEqual([]);
  },
  SECONDS,
);

test(
  "it removes what a killed start has left, and not what another one bundles",
  async () => {
    for (const [name, minutes] of [
      ["start-killed", 11],
      ["start-other", 9],
    ] as const) {
      await mkdir(path.join(place(), name), { recursive: true });
      await utimes(path.join(place(), name), new Date(), Date.now() / 1000 - minutes * 60);
    }
    const child = start();
    const server = await running(child, /\n/);
    try {
      // It answers first, and removes its own then.
      await expect.poll(bundles).toEqual(["start-other"]);
      // Nor does the bundler's process stay.
      const { stdout } = await bash("ps -A -o ppid=,args=");
      expect(stdout.split("\n").filter((line) => parseInt(line) === child.pid)).toEqual([]);
    } finally {
      await server.stop();
      await rm(path.join(place(), "start-other"), { recursive: true });
    }
    expect(await readdir(place())).toEqual([]);
  },
  SECONDS,
);

test(
  "a change in convex/ shows at the next start, which leaves no bundle",
  async () => {
    const file = path.join(copy, "convex/toolgate/tools.ts");
    const text = await readFile(file, "utf8");
    const changed = text.replace('title: "Toolgate ERP"', 'title: "Changed"');
    expect(changed).not.toBe(text);
    await writeFile(file, changed);
    const server = await running(npmStart(), /\n/);
    const { url } = JSON.parse(server.output().stdout) as { url: string };
    expect(await (await fetch(url, { headers: { Accept: "text/html" } })).text()).toContain(
      "Changed",
    );
    expect(await bundles()).toEqual([]);
    await server.stop();
  },
  SECONDS,
);

test(
  "a change in src/ that throws is told by its file and line, and leaves no bundle",
  async () => {
    const file = path.join(copy, "src/registry/titles.ts");
    const line = (await readFile(file, "utf8")).split("\n").length;
    await appendFile(file, 'throw new Error("planted");\n');
    const { code, stderr } = await ended(npmStart());
    expect([code, stderr]).toEqual([1, expect.stringContaining("planted")]);
    expect(stderr).toContain(`src/registry/titles.ts:${line}:`);
    expect(await bundles()).toEqual([]);
  },
  SECONDS,
);
