/** `npm start` bundles what it runs: of the files as they are, and with their lines in errors. */
import { spawn } from "node:child_process";
import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyRepository, environment } from "../support/copy";
import { ended, running } from "../support/processes";

const SECONDS = 120_000;

let copy: string;
beforeAll(async () => {
  copy = await copyRepository("start");
}, SECONDS);
afterAll(() => rm(copy, { recursive: true }));

const npmStart = () =>
  spawn("npm", ["start", "--silent", "--", "--json"], {
    ...{ cwd: copy, env: { ...environment, PORT: "0" } },
  });

/** Bundles that were not removed. */
const bundles = async (): Promise<string[]> =>
  (await readdir(path.join(copy, ".toolgate"))).filter((name) => name.startsWith("start-"));

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
