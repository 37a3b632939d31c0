/** `.toolgate/local.json`: how the command line finds the local server that runs in this folder. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

export interface State {
  /** The MCP endpoint. */
  readonly url: string;
  readonly admin?: Admin;
  readonly pid: number;
}

const fileHere = (): string => path.join(process.cwd(), ".toolgate", "local.json");

/** The state of the server started last in the working directory, or undefined. Whether it still runs is not checked. */
export const readState = async (): Promise<State | undefined> => {
  try {
    return JSON.parse(await readFile(fileHere(), "utf8")) as State;
  } catch {
    return undefined;
  }
};

/** Writes the file. It holds the operator's token, so nobody else may read it. */
export const writeState = async (state: State): Promise<void> => {
  const file = fileHere();
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${state.pid}`;
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(state)}\n`, { mode: 0o600, flag: "wx" });
  // In one step: a reader finds a whole file or none.
  await rename(draft, file);
};

/** Removes the file, unless another server has written its own since. */
export const removeState = async ({ pid }: State): Promise<void> => {
  if ((await readState())?.pid === pid) await rm(fileHere(), { force: true });
};

/** The operator's way in. */
export interface Admin {
  readonly url: string;
  readonly token: string;
}
