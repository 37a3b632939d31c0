/** The file `.toolgate/local.json`, with which the command line finds the local server that runs in this folder. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/** The content of the file. `admin` is absent if other machines can reach the server. */
export interface State {
  /** The MCP endpoint. */
  readonly url: string;
  readonly admin?: Admin;
  readonly pid: number;
}

const fileHere = (): string => path.join(process.cwd(), ".toolgate", "local.json");

/** Reads the state of the server that was started last in this folder; undefined if there is none. Whether it still runs is not checked. */
export const readState = async (): Promise<State | undefined> => {
  try {
    return JSON.parse(await readFile(fileHere(), "utf8")) as State;
  } catch {
    return undefined;
  }
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
