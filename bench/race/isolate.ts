/**
 * One server in an isolate of its own, as it has one wherever it runs: what V8 has learnt of other servers neither helps nor hinders
 * it, and it collects its own garbage alone. It is asked for its calls per second, one batch after the other.
 */
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { now } from "../lib/clock";
import { useConvexCrypto } from "../lib/convexCrypto";
import { initOf, type Era } from "../lib/mcpRequest";
import { plain, type Peer } from "../peers/peer";

/** What is called, and how many tools there are. */
export interface Race {
  readonly method: "tools/call" | "tools/list";
  readonly tools: number;
}

export interface Batch extends Race {
  readonly ms: number;
}

interface Raced {
  readonly server: string;
  readonly era: Era;
}

/** A client of a server. */
type Send = (method: string, params?: Record<string, unknown>) => Promise<string>;

type Call = () => Promise<void>;

const found = (text: string, expected: string): void => {
  if (!text.includes(expected)) throw new Error(`no ${expected} in ${text.slice(0, 300)}`);
};

let calls = 0;

const callOnce = async (send: Send, { answer = plain }: Peer, name: string) => {
  const a = ++calls;
  found(await send("tools/call", { name, arguments: { a, b: 1 } }), answer(a + 1));
};

/** A list is read to its end, whatever the size of its pages. */
const listOnce = async (send: Send, last: string) => {
  let text = await send("tools/list");
  for (let next = /"nextCursor":"([^"]+)"/.exec(text); next;) {
    text = await send("tools/list", { cursor: next[1] });
    next = /"nextCursor":"([^"]+)"/.exec(text);
  }
  found(text, `"name":"${last}"`);
};

const sendTo = async (peer: Peer, era: Era, tools: readonly string[]): Promise<Send> => {
  const serve = await peer.serve(tools);
  return async (method, params) => {
    const init = initOf({ era, method, key: peer.key, ...(params && { params }) });
    const response = await serve(new Request("http://localhost/mcp", init));
    if (response.status !== 200) throw new Error(await response.text());
    return response.text();
  };
};

/** @throws Error if the answer to a call is wrong. */
const callFor = async (peer: Peer, era: Era, { method, tools }: Batch): Promise<Call> => {
  const names = Array.from({ length: tools }, (_, at) => `add_${String(at).padStart(4, "0")}`);
  const last = names.at(-1) ?? "";
  const send = await sendTo(peer, era, names);
  // Once; in the race a look at the end of a list has to do.
  found(await send("tools/list"), '"required":["a","b"]');
  return () => (method === "tools/list" ? listOnce(send, last) : callOnce(send, peer, last));
};

/** Calls per second over so many milliseconds. */
const rateOf = async (call: Call, ms: number): Promise<number> => {
  // Caches of the processor hold what ran before.
  const warm = performance.now() + ms / 4;
  do await call();
  while (performance.now() < warm);
  // What weak references point to can be let go of only between the turns of the event loop, and some servers need none.
  await setImmediate();
  const [end, start] = [performance.now() + ms, now()];
  let count = 0;
  // At least once, even if the machine gave all of the batch to others.
  do {
    await call();
    count++;
  } while (performance.now() < end);
  return (count / (now() - start)) * 1000;
};

/** The other side of `isolateOf`. */
export const serveBatches = (servers: readonly Peer[]): void => {
  useConvexCrypto();
  const { server, era } = workerData as Raced;
  const peer = servers.find(({ name }) => name === server);
  const ready = new Map<string, Promise<Call>>();
  parentPort?.on("message", (batch: Batch) => {
    const key = `${batch.method} ${String(batch.tools)}`;
    const call = ready.get(key) ?? callFor(peer as Peer, era, batch);
    ready.set(key, call);
    void call.then(async (ready) => parentPort?.postMessage(await rateOf(ready, batch.ms)));
  });
};

/** Starts an isolate. It answers a batch with calls per second. @throws Error, from `rate`, as the server has. */
export const isolateOf = ({ name: server }: Peer, era: Era) => {
  const worker = new Worker(process.argv[1] ?? "", { workerData: { server, era } });
  const rate = async (batch: Batch): Promise<number> => {
    worker.postMessage(batch);
    const [rate] = (await once(worker, "message")) as [number];
    return rate;
  };
  return { rate, end: () => worker.terminate() };
};
