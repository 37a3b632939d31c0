/** Runs the official suite's command line against a server and reads what it found. */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const manifest = fileURLToPath(
  import.meta.resolve("@modelcontextprotocol/conformance/package.json"),
);
const packageDir = path.dirname(manifest);

/** The version of the suite. */
export const suiteVersion = async (): Promise<string> =>
  (JSON.parse(await readFile(manifest, "utf8")) as { version: string }).version;

/** Longest run of one revision, in milliseconds: a scenario that hangs ends after 30 s by itself. */
const RUN_MS = 240_000;

/** As the suite writes it to `checks.json`. */
export interface Check {
  readonly id: string;
  readonly status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  readonly errorMessage?: string;
}

export interface Scenario {
  readonly name: string;
  /** Whether the revision's requirements count it. */
  readonly isScored: boolean;
  readonly checks: readonly Check[];
}

/** The scenarios that a revision requires, as its file in the package lists them under `server:`. */
const scoredOf = async (revision: string): Promise<string[]> => {
  const file = path.join(packageDir, "requirements", `${revision}.yaml`);
  const [, list = ""] = /^server:\n((?: {2}- .*\n)+)/m.exec(await readFile(file, "utf8")) ?? [];
  const names = Array.from(list.matchAll(/^ {2}- (\S+)/gm), ([, name = ""]) => name);
  if (names.length === 0) throw new Error(`${file} requires nothing of a server`);
  return names;
};

/**
 * Runs the suite's command line. Resolves when the process has ended, whether by itself or because its time was up.
 *
 * @param told - gets what the suite prints, as it prints it.
 */
export const runCommand = (
  args: readonly string[],
  told: (text: string) => void = () => undefined,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const hook = new URL("globSync.js", import.meta.url).href;
    const cli = path.join(packageDir, "dist", "index.js");
    const child = spawn(process.execPath, ["--import", hook, cli, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => {
      output.push(chunk);
      told(chunk.toString());
    });
    child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
    const timer = setTimeout(() => child.kill("SIGKILL"), RUN_MS);
    child.on("error", reject);
    child.on("close", () => {
      clearTimeout(timer);
      resolve(Buffer.concat(output).toString());
    });
  });

/** Results are in folders such as `server-tools-list-2026-11-25T03-15-38-965Z`. */
export const readResults = async (
  folder: string,
  kind: "server" | "authorization-server",
): Promise<Map<string, Check[]>> => {
  const results = new Map<string, Check[]>();
  for (const entry of await readdir(folder)) {
    const name = new RegExp(`^${kind}-(.+)-\\d{4}-\\d\\d-\\d\\dT[\\d-]+Z$`).exec(entry)?.[1];
    const file = path.join(folder, entry, "checks.json");
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (name !== undefined && text !== undefined) results.set(name, JSON.parse(text) as Check[]);
  }
  return results;
};

const notRun: readonly Check[] = [
  { id: "did-not-run", status: "FAILURE", errorMessage: "The suite has no result of it." },
];

/** @returns the scored scenarios in the order of the requirements, then the others. */
export const runSuite = async (url: string, revision: string): Promise<Scenario[]> => {
  const scored = await scoredOf(revision);
  const folder = await mkdtemp(path.join(tmpdir(), "toolgate-conformance-"));
  try {
    const options = ["--url", url, "--requirements", revision, "-o", folder];
    const output = await runCommand(["server", ...options]);
    const results = await readResults(folder, "server");
    if (results.size === 0) throw new Error(`The suite did not run:\n${output}`);
    const others = [...results.keys()].filter((name) => !scored.includes(name));
    return [...scored, ...others].map((name) => ({
      name,
      isScored: scored.includes(name),
      checks: results.get(name) ?? notRun,
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
