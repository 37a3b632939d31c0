/**
 * Every console sample of the documentation does what it shows.
 *
 * A block marked `console` is run, command by command, in one shell: a command begins with `$ ` and goes on in lines that are
 * indented by four spaces; what follows is its output, standard error too. Blocks of any other kind are not run.
 */
import { spawn } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, newFolder, removeFolder, startJson, stopAll } from "../support/processes";
import { fencesIn, pages, ROOT, scripts } from "./pages";

/** What is shown only: commands for a deployment, which need the network, and parts of files. */
const SHOWN_ONLY = ["sh", "ts", "json", "text"];

interface Sample {
  readonly command: string;
  readonly output: string;
}

const samplesIn = (body: string): Sample[] =>
  Array.from(
    body.matchAll(/^\$ (.*\n(?: {4}.*\n)*)((?:(?!\$ ).*\n)*)/gm),
    ([, command = "", output = ""]) => ({ command: command.trimEnd(), output: output.trimEnd() }),
  );

const blocks = pages.flatMap((page) =>
  fencesIn(page)
    .filter(({ kind }) => kind === "console")
    .map(({ body }, at) => [page.file, at + 1, body] as const),
);

let folder: string;
let bin: string;
let server: Awaited<ReturnType<typeof startJson>>;

/** An `npm` that runs the command line in the folder of the server under test: npm itself would go to the repository. */
const npm = (): string => {
  const tsx = path.join(ROOT, "node_modules/.bin/tsx");
  const cases = Object.entries(scripts).flatMap(([name, script]) => {
    const [, file, rest = ""] = /^tsx (cli\/\S+)(.*)$/.exec(script) ?? [];
    if (file === undefined) return [];
    return [`"run -s ${name} --") shift 4; exec "${tsx}" "${path.join(ROOT, file)}"${rest} "$@";;`];
  });
  return ["#!/bin/sh", 'case "$1 $2 $3 $4" in', ...cases, "esac", "exit 64", ""].join("\n");
};

beforeAll(async () => {
  folder = await newFolder();
  server = await startJson(folder);
  bin = path.join(folder, "bin");
  await mkdir(bin);
  await writeFile(path.join(bin, "npm"), npm());
  await chmod(path.join(bin, "npm"), 0o755);
});

afterAll(async () => {
  await stopAll();
  await removeFolder(folder);
});

/** The last month that is over, as YYYY-MM: a month can be closed once it is over, and the demo has orders in it. */
const lastMonth = (): string => {
  const day = new Date();
  day.setUTCDate(0);
  return day.toISOString().slice(0, 7);
};

/** A sample for the server under test. */
const here = (text: string): string =>
  text
    .replaceAll("http://127.0.0.1:3211", new URL(server.url).origin)
    .replaceAll("2026-10", lastMonth());

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * What an output must be: `…` stands for anything, a line that goes on in another indented by four spaces or more is one line, and
 * two spaces or more are as many as it takes to fill a column.
 */
const patternOf = (output: string): RegExp =>
  new RegExp(
    `^${output
      .split(/(…|\n {4,}| {2,})/)
      .map((part) => {
        if (part === "…") return "[^]*?";
        if (/^\n {4}/.test(part)) return "\\s*";
        return /^ {2}/.test(part) ? " +" : literal(part);
      })
      .join("")}$`,
  );

/** What each command printed. The key under test is on standard input, for a command that reads one. */
const run = async (commands: readonly string[], key: string): Promise<string[]> => {
  const script = ["exec 2>&1", ...commands.flatMap((command) => [command, "printf '\\0'"])];
  const { PATH = "", HOME, TMPDIR } = process.env;
  const env = { PATH: `${bin}:${PATH}`, HOME, TMPDIR };
  const child = spawn("bash", ["-c", script.join("\n")], { cwd: folder, env });
  const { stdout } = await ended(child, `${key}\n`);
  return stdout.split("\0").map((output) => output.trimEnd());
};

test.each(blocks)(
  "%s, sample %i",
  async (_file, _at, body) => {
    const key = server.keyOf("admin");
    const samples = samplesIn(body);
    const commands = samples.map(({ command }) => here(command).replaceAll("cvxmcp_test_…", key));
    for (const command of commands) expect(command).not.toContain("…");
    const outputs = await run(commands, key);
    for (const [at, { command, output }] of samples.entries()) {
      expect(outputs[at], command).toMatch(patternOf(here(output)));
    }
  },
  60_000,
);

test("a block is run, or of a kind that is only shown, and then it has no prompt", () => {
  for (const { kind, body } of pages.flatMap(fencesIn)) {
    expect(["console", ...SHOWN_ONLY]).toContain(kind);
    if (kind === "console") expect(body).toMatch(/^\$ /);
    else expect(body).not.toMatch(/^\$ /m);
  }
});

test("the pages that show what to type have samples", () => {
  expect(new Set(blocks.map(([file]) => file))).toEqual(
    new Set(["README.md", "docs/long-operations.md", "docs/operate.md"]),
  );
});

test("a sample that is not so is found", () => {
  const shown = patternOf('{"items":[{"id":"…",\n    "price":1291}]}');
  expect('{"items":[{"id":"a1","price":1291}]}').toMatch(shown);
  expect('{"items":[{"id":"a1","price":1292}]}').not.toMatch(shown);
  expect('{"items":[{"id":"a1","price":1291}]} and more').not.toMatch(shown);
});
