/** Four imports at once on the local server, and another tenant that asks for its tools meanwhile. */
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { startJson } from "../support/processes";

type Server = Awaited<ReturnType<typeof startJson>>;

export const LINES = 1_000;

const post = ({ url }: Server, key: string, method: string, params: object) =>
  fetch(url, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${key}`,
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });

const linesOf = (file: number, length: number): string =>
  Array.from({ length }, (_, n) =>
    JSON.stringify({ name: `Customer ${n} of ${file}`, email: `c${n}@file-${file}.example` }),
  ).join("\n");

/** Starts four imports for acme. Each is answered with its job after 50 s if it takes longer. */
export const startImports = (server: Server, lines = LINES): Promise<Response>[] =>
  [1, 2, 3, 4].map((file) =>
    post(server, server.keyOf("sales"), "tools/call", {
      name: "customers_import",
      arguments: { lines: linesOf(file, lines), idempotencyKey: `import-of-${file}` },
      _meta: { progressToken: file },
    }),
  );

export interface Answer {
  readonly structuredContent: Readonly<Record<string, unknown>>;
}

/** Calls a tool of acme's and returns its structured content. */
export const ask = async (server: Server, name: string, args: object = {}) => {
  const response = await post(server, server.keyOf("sales"), "tools/call", {
    name,
    arguments: args,
  });
  const { result } = (await response.json()) as { result: Answer };
  return result.structuredContent;
};

/** Lists the tools of globex, one time after the other while `goesOn` says so. Returns how long each answer took by `clock`. */
export const listAgainAndAgain = async (
  server: Server,
  goesOn: () => boolean,
  clock: () => number = () => performance.now(),
): Promise<number[]> => {
  const times: number[] = [];
  while (goesOn()) {
    const before = clock();
    const response = await post(server, server.keyOf("viewer", "globex"), "tools/list", {});
    const { result } = (await response.json()) as { result: { tools: unknown[] } };
    if (result.tools.length === 0) throw new Error("no tools");
    times.push(clock() - before);
  }
  return times;
};

/** The process of the only server in a folder. */
export const pidIn = async (folder: string): Promise<number> => {
  const [file = ""] = await readdir(path.join(folder, ".toolgate"));
  return Number(/\d+/.exec(file)?.[0]);
};

/**
 * The milliseconds that a process has worked, as Linux counts them; elsewhere the time of day. Beside other tests, a process gets only a
 * part of the machine.
 */
export const workOf = (pid: number) => (): number => {
  try {
    const [nanoseconds] = readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ");
    return Number(nanoseconds) / 1e6;
  } catch {
    return performance.now();
  }
};
