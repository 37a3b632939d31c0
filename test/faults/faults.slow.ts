/**
 * The tests see what they are for: each planted fault turns its test red, and without it that test is green. A fault is something that the
 * compiler lets through.
 */
import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyRepository, environment as env } from "../support/copy";
import type { Fault } from "./fault";
import { faults } from "./faults";

const MINUTES = 60_000;
const REPORT = "report.json";

let copy: string;
beforeAll(async () => {
  copy = await copyRepository("faults");
}, MINUTES);
afterAll(() => rm(copy, { recursive: true }));

interface Ended {
  /** The exit code; null for a program that was killed. */
  readonly code: number | null;
  readonly output: string;
}

const npx = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { cwd: copy, env, maxBuffer: 2 ** 26 };
    const child = execFile("npx", args, options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, output: `${stdout}\n${stderr}` });
    });
  });

/** What vitest's JSON reporter says of a test. */
interface Result {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly Result[] }[];
}

/** Runs tests in the copy. */
const runTests = async (files: readonly string[], ...options: readonly string[]) => {
  await rm(path.join(copy, REPORT), { force: true });
  const { code, output } = await npx(
    ...["vitest", "run", ...files, ...options, "--reporter=json", `--outputFile=${REPORT}`],
  );
  const report = JSON.parse(await readFile(path.join(copy, REPORT), "utf8")) as Report;
  const results = report.testResults.map(({ assertionResults }) => assertionResults);
  return { code, output, files: results.length, results: results.flat() };
};

/** What a failed assertion says: by itself, of a snapshot or a promise, inside of a property, or waited for in vain. A broken test says something else. */
const ASSERTION =
  /^(?:AssertionError|Error: (?:Snapshot |Property failed|promise (?:resolved|rejected) |still not after))/;

/** The tests that did not find what they expect. */
const disappointed = (results: readonly Result[]): string[] =>
  results
    .filter(({ failureMessages: [message = ""] }) => ASSERTION.test(message))
    .map(({ fullName }) => fullName);

/** Plants faults, for as long as the work takes. */
const withFaults = async <T>(planted: readonly Fault[], work: () => Promise<T>): Promise<T> => {
  const before = new Map<string, string>();
  try {
    for (const { what, file, from, to } of planted) {
      const text = await readFile(path.join(copy, file), "utf8");
      if (!before.has(file)) before.set(file, text);
      expect(text.split(from).length, `${what}: how often ${file} has its text`).toBe(2);
      const mistaken = text.replace(from, () => to);
      await writeFile(path.join(copy, file), mistaken);
    }
    return await work();
  } finally {
    for (const [file, text] of before) await writeFile(path.join(copy, file), text);
  }
};

test(
  "without a fault every test is green",
  async () => {
    const files = [...new Set(faults.map((fault) => fault.test))];
    // How long they take is not what this is about, and a busy machine is slow.
    const { code, output, files: ran, results } = await runTests(files, "--testTimeout=60000");
    const red = results.filter(({ status }) => status === "failed");
    expect(red.map(({ fullName, failureMessages }) => [fullName, ...failureMessages])).toEqual([]);
    expect([code, ran], output).toEqual([0, files.length]);
  },
  10 * MINUTES,
);

test("the compiler sees none of the faults", async () => {
  const { code, output } = await withFaults(faults, () =>
    npx("tsc", "--noEmit", "--noUnusedLocals", "false", "--noUnusedParameters", "false"),
  );
  expect(code, output).toBe(0);
});

test.each(faults.map((fault) => [fault.what, fault.test, fault] as const))(
  "%s: %s is red",
  async (_what, _test, fault) => {
    const { code, output, results } = await withFaults([fault], () =>
      runTests([fault.test], "--bail=1"),
    );
    expect(code, output).toBe(1);
    expect(disappointed(results), output).not.toEqual([]);
  },
);
