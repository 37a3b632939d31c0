/** The local server of a file's tests, and ways to ask it. */
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, vi } from "vitest";
import { newFolder, removeFolder, startJson, stopAll } from "../support/processes";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads answers as JSON
type Json = any;

/** Each start of a process takes seconds, and more where other test files run beside this one. */
vi.setConfig({ testTimeout: 60_000 });

type Server = Awaited<ReturnType<typeof startJson>>;

export let folder: string;
export let server: Server;

beforeAll(async () => {
  folder = await newFolder();
  server = await startJson(folder);
});

afterAll(async () => {
  await stopAll();
  await removeFolder(folder);
});

export const rpc = async ({ url, keyOf }: Server, method: string, params: object = {}) => {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${keyOf("sales")}`,
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return { status: response.status, ...((await response.json()) as { result: Json }) };
};

export interface Raw {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** `fetch` sets Host and Origin itself; this one sends what it is told. */
export const send = (to: string, { method = "POST", path: target, headers, body }: Raw) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const { hostname, port, pathname } = new URL(to);
      const outgoing = request(
        { hostname, port, method, path: target ?? pathname, headers },
        (incoming) => {
          const { statusCode: status = 0, headers: received } = incoming;
          text(incoming).then((got) => {
            resolve({ status, headers: received, body: got });
          }, reject);
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    },
  );

/** Asks the operator's route. */
export const run = (body: unknown, headers: Record<string, string> = {}, rest: Raw = {}) =>
  send(server.admin!.url, {
    headers: {
      Authorization: `Bearer ${server.admin!.token}`,
      "Content-Type": "application/json",
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...rest,
  });
