/** "Add a tool" of the README, word by word, in a copy of the repository: after it, all checks and tests are green. */
import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyRepository, environment as env, root } from "../support/copy";

const run = promisify(execFile);
const MINUTES = 60_000;

let copy: string;

/** Runs a line of shell in the copy; a test fails with all that it printed. */
const shell = async (line: string): Promise<string> => {
  try {
    return (await run("bash", ["-c", line], { cwd: copy, env, maxBuffer: 2 ** 26 })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${line}\n${stdout.slice(-4_000)}\n${stderr.slice(-2_000)}`, { cause: error });
  }
};

beforeAll(async () => {
  copy = await copyRepository("readme");
}, MINUTES);
afterAll(() => rm(copy, { recursive: true }));

interface Block {
  readonly language: string;
  readonly text: string;
}

/** The blocks of code under a heading. */
const blocksUnder = async (heading: string): Promise<Block[]> => {
  const readme = await readFile(path.join(root, "README.md"), "utf8");
  const section = readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => ({
    language,
    text,
  }));
};

/** Puts a block where its first line says that it belongs. */
const apply = async ({ text }: Block): Promise<void> => {
  const [, file = "", place] = /^\/\/ ([\w./]+)(?:, (.+))?\n/.exec(text) ?? [];
  const body = text.slice(text.indexOf("\n") + 1);
  const target = path.join(copy, file);
  if (place === undefined) return writeFile(target, text);
  const source = await readFile(target, "utf8");
  const at = /^in `(\w+)`$/.exec(place)?.[1];
  // After the line that opens what is named, or before the first import.
  const opening =
    at === undefined ? /^(?=import )/m : new RegExp(`^(?!import|\\s).*\\b${at}\\b.*[{(]\n`, "m");
  const found = opening.exec(source);
  expect(found, `${place} of ${file}`).not.toBeNull();
  const end = found!.index + found![0].length;
  return writeFile(target, source.slice(0, end) + body + source.slice(end));
};

/** Puts a row of a table of the documentation behind the line under the head of the table. */
const addRow = async ({ text }: Block): Promise<void> => {
  const target = path.join(copy, "docs/directories.md");
  const source = await readFile(target, "utf8");
  const added = source.replace(/^\| tool +\|.*\n\|[ -|]+\n/m, (head) => head + text);
  expect(added).not.toBe(source);
  return writeFile(target, added);
};

test(
  "the blocks are put where they say, its commands are run, and the tool answers",
  async () => {
    const blocks = await blocksUnder("Add a tool");
    const parts = blocks.filter(({ language }) => language === "ts");
    const [hints, ...more] = blocks.filter(({ language }) => language === "text");
    const commands = blocks.filter(({ language }) => language === "sh");
    expect([parts.length, more.length, commands.length]).toEqual([5, 0, 1]);
    for (const part of parts) await apply(part);
    await addRow(hints!);
    for (const line of commands[0]!.text.trim().split("\n")) await shell(line);
    expect(await shell(`npm run -s trace -- notes_add '{"text":"Call Ada."}'`)).toMatch(
      /^notes_add .*\nresult: /,
    );
  },
  40 * MINUTES,
);
