/** Starts the local server and the command line as processes, each in a folder of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const fileOf = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** For a file that is no JavaScript. The program `tsx` would start a second process, and kill it if it does not answer a signal within 60 ms. */
const TSX = ["--import", new URL("../../node_modules/tsx/dist/loader.mjs", import.meta.url).href];

/** As in package.json. */
const SERVER = ["--enable-source-maps", fileOf("local/start.js")];

type Env = Record<string, string>;

/** A folder for `.toolgate/`, so that no test meets another's server. */
export const newFolder = () => mkdtemp(path.join(tmpdir(), "toolgate-local-"));

export const removeFolder = (folder: string) => rm(folder, { recursive: true });

/** Without what vitest sets for itself, and what would change the defaults. */
const envWith = (env: Env): NodeJS.ProcessEnv => {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, ...env };
};

const started = new Set<ChildProcess>();

const launch = (
  program: readonly string[],
  args: readonly string[],
  cwd: string,
  env: Env,
): ChildProcess => {
  const child = spawn(process.execPath, [...program, ...args], { cwd, env: envWith(env) });
  started.add(child);
  child.once("close", () => started.delete(child));
  return child;
};

/** Ends what a test file has started and not ended, a test that failed halfway among it. */
export const stopAll = (): Promise<unknown> =>
  Promise.all(
    [...started].map((child) => {
      const closed = new Promise((resolve) => child.once("close", resolve));
      child.kill();
      return closed;
    }),
  );

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a process ended, once it has. */
export const ended = async (child: ChildProcess, input = ""): Promise<Ended> => {
  // A process may end without having read it.
  child.stdin!.on("error", () => undefined);
  child.stdin!.end(input);
  const [code, stdout, stderr] = await Promise.all([
    new Promise<number | null>((resolve) => child.once("close", resolve)),
    text(child.stdout!),
    text(child.stderr!),
  ]);
  return { code, stdout, stderr };
};

/** `npm run …` in a folder. */
export const cli = (folder: string, args: readonly string[], input?: string): Promise<Ended> =>
  ended(launch([...TSX, fileOf("cli/main.ts")], args, folder, {}), input);

/** `npm start`, on any free port unless `env` says otherwise. */
export const launchServer = (folder: string, args: readonly string[], env: Env = {}) =>
  launch(SERVER, args, folder, { PORT: "0", ...env });

export interface Announcement {
  readonly url: string;
  readonly keys: { tenant: string; role: string; key: string }[];
  readonly admin?: { url: string; token: string };
}

export interface Running {
  /** What it has printed so far. */
  readonly output: () => Pick<Ended, "stdout" | "stderr">;
  /** Ends it by a signal. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

/** Waits until standard output matches. */
export const running = async (child: ChildProcess, until: RegExp): Promise<Running> => {
  let stdout = "";
  let stderr = "";
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  child.stderr!.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout!.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (until.test(stdout)) resolve();
    });
    void closed.then((code) => {
      reject(new Error(`ended with ${String(code)}: ${stderr}`));
    });
  });
  return {
    output: () => ({ stdout, stderr }),
    stop: (signal = "SIGTERM") => {
      child.kill(signal);
      return closed;
    },
  };
};

/** A server that was started with `--json`, once it has said where it is. */
export const announced = async (child: ChildProcess) => {
  const server = await running(child, /\n/);
  const announcement = JSON.parse(server.output().stdout) as Announcement;
  const keyOf = (role: string, tenant = "acme") =>
    announcement.keys.find((entry) => entry.role === role && entry.tenant === tenant)!.key;
  return { ...server, ...announcement, keyOf };
};

/** `npm start -- --json` */
export const startJson = (folder: string, env: Env = {}) =>
  announced(launchServer(folder, ["--json"], env));

/** Any command, for what a user would paste into a shell. */
export const bash = (line: string): Promise<Ended> =>
  ended(spawn("bash", ["-c", line], { env: envWith({}) }));
