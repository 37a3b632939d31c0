/** The files `.toolgate/local-<pid>.json`, one for each local server that runs in this folder. The command line finds a server by them. */
import { rmSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { isObject } from "../src/wire/jsonrpc";
import { parseStrictJson } from "../src/wire/strictJson";

/** The content of a file. `admin` is absent if other machines can reach the server. */
export interface State {
  /** The MCP endpoint. */
  readonly url: string;
  readonly admin?: Admin;
  readonly pid: number;
  /** In milliseconds since 1970. */
  readonly startedAt: number;
}

const isAdmin = (value: unknown): value is Admin =>
  isObject(value) && typeof value.url === "string" && typeof value.token === "string";

/** Whether a value is a state. A file that broke off, or that something else wrote, is none. */
const isState = (value: unknown): value is State & Record<string, unknown> =>
  isObject(value) &&
  typeof value.url === "string" &&
  Number.isSafeInteger(value.pid) &&
  typeof value.startedAt === "number" &&
  (value.admin === undefined || isAdmin(value.admin));

const folderHere = (): string => path.join(process.cwd(), ".toolgate");

const fileOf = (pid: number): string => path.join(folderHere(), `local-${pid}.json`);

const statesHere = async (): Promise<State[]> => {
  const files = await readdir(folderHere()).catch(() => []);
  const texts = files
    .filter((file) => /^local-\d+\.json$/.test(file))
    .map((file) => readFile(path.join(folderHere(), file), "utf8").catch(() => ""));
  return (await Promise.all(texts)).flatMap((text) => {
    const parsed = parseStrictJson(text);
    return "value" in parsed && isState(parsed.value) ? [parsed.value] : [];
  });
};

/** Whether a process runs. One that this user may not send signals to runs too. */
const isAlive = ({ pid }: State): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** Reads the state of the newest server of this folder whose process runs; undefined if there is none. */
export const readState = async (): Promise<State | undefined> => {
  const states = (await statesHere()).filter(isAlive);
  return states.sort((one, other) => other.startedAt - one.startedAt)[0];
};

/** Removes the file of a server that ends. It waits for nothing, because a process that is to end may have other work. */
export const removeState = ({ pid }: State): void => {
  rmSync(fileOf(pid), { force: true });
};

/** Writes the file of a server, and removes those of servers that were killed. It holds the operator's token, so only its owner may read it. */
export const writeState = async (state: State): Promise<void> => {
  await mkdir(folderHere(), { recursive: true, mode: 0o700 });
  (await statesHere()).filter((one) => !isAlive(one)).forEach(removeState);
  const file = fileOf(state.pid);
  const draft = `${file}.draft`;
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(state)}\n`, { mode: 0o600, flag: "wx" });
  // A rename is one step, so a reader finds the whole file or none.
  await rename(draft, file);
};

/** The URL of the operator's route on the local server, and its token. */
export interface Admin {
  readonly url: string;
  readonly token: string;
}
