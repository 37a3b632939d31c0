/** The file `.toolgate/local.json`, with which the command line finds the local server that runs in this folder. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { isObject } from "../src/wire/jsonrpc";
import { parseStrictJson } from "../src/wire/strictJson";

/** The content of the file. `admin` is absent if other machines can reach the server. */
export interface State {
  /** The MCP endpoint. */
  readonly url: string;
  readonly admin?: Admin;
  readonly pid: number;
}

const isAdmin = (value: unknown): value is Admin =>
  isObject(value) && typeof value.url === "string" && typeof value.token === "string";

/** Whether a value is a state. A file that broke off, or that something else wrote, is none. */
const isState = (value: unknown): value is State & Record<string, unknown> =>
  isObject(value) &&
  typeof value.url === "string" &&
  typeof value.pid === "number" &&
  (value.admin === undefined || isAdmin(value.admin));

const fileHere = (): string => path.join(process.cwd(), ".toolgate", "local.json");

/** Reads the state of the server that was started last in this folder; undefined if there is none. Whether it still runs is not checked. */
export const readState = async (): Promise<State | undefined> => {
  const text = await readFile(fileHere(), "utf8").catch(() => "");
  const parsed = parseStrictJson(text);
  return "value" in parsed && isState(parsed.value) ? parsed.value : undefined;
};

/** Writes the file. It holds the operator's token, so only its owner may read it. */
export const writeState = async (state: State): Promise<void> => {
  const file = fileHere();
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${state.pid}`;
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(state)}\n`, { mode: 0o600, flag: "wx" });
  // A rename is one step, so a reader finds the old file or the whole new one.
  await rename(draft, file);
};

/** Removes the file, unless another server has replaced it. */
export const removeState = async ({ pid }: State): Promise<void> => {
  if ((await readState())?.pid === pid) await rm(fileHere(), { force: true });
};

/** The URL of the operator's route on the local server, and its token. */
export interface Admin {
  readonly url: string;
  readonly token: string;
}
