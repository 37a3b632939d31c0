/**
 * One server in an isolate of its own, as it has one wherever it runs: what V8 has learnt of other servers neither helps nor hinders
 * it, and it collects its own garbage alone. It is asked for its calls per second, one batch after the other.
 */
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { parentPort, SHARE_ENV, Worker, workerData } from "node:worker_threads";
import { now } from "../lib/clock";
import { useConvexCrypto } from "../lib/convexCrypto";
import { initOf } from "../lib/mcpRequest";
import { plain } from "../peers/peer";
import { racers, type Racer } from "./servers";

/** What is called, and how many tools there are. */
export interface Race {
  readonly method: "tools/call" | "tools/list";
  readonly tools: number;
}

export interface Batch extends Race {
  readonly ms: number;
}

const found = (text: string, expected: string): void => {
  if (!text.includes(expected)) throw new Error(`no ${expected} in ${text.slice(0, 300)}`);
};

let calls = 0;

/** What calls once, and throws if the answer is wrong. */
const callFor = async (racer: Racer, { method, tools }: Race): Promise<() => Promise<void>> => {
  const { era, key, answer = plain } = racer;
  const names = Array.from({ length: tools }, (_, at) => `add_${String(at).padStart(4, "0")}`);
  const name = names.at(-1) ?? "";
  const serve = await racer.serve(names);
  const send = async (asked: string, params = {}): Promise<string> => {
    const init = initOf({ era, method: asked, key, params });
    const response = await serve(new Request("http://localhost/mcp", init));
    if (response.status !== 200) throw new Error(await response.text());
    return response.text();
  };
  /** A list is read to its end, whatever the size of its pages. */
  const list = async (params = {}): Promise<void> => {
    const text = await send("tools/list", params);
    const [, cursor] = /"nextCursor":"([^"]+)"/.exec(text) ?? [];
    if (cursor === undefined) found(text, `"name":"${name}"`);
    else await list({ cursor });
  };
  // Once; in the race a look at the end of a list has to do.
  found(await send("tools/list"), '"required":["a","b"]');
  if (method === "tools/list") return list;
  return async () => {
    const a = ++calls;
    found(await send("tools/call", { name, arguments: { a, b: 1 } }), answer(a + 1));
  };
};

/** Calls per second over so many milliseconds. */
const rateOf = async (call: () => Promise<void>, ms: number): Promise<number> => {
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
export const serveBatches = (): void => {
  useConvexCrypto();
  const racer = racers.find(({ name }) => name === workerData)!;
  const ready = new Map<string, ReturnType<typeof callFor>>();
  parentPort?.on("message", ({ method, tools, ms }: Batch) => {
    const key = `${method} ${String(tools)}`;
    const call = ready.get(key) ?? callFor(racer, { method, tools });
    ready.set(key, call);
    void call.then(async (one) => parentPort?.postMessage(await rateOf(one, ms)));
  });
};

/** Starts the isolate of a racer. It answers a batch with calls per second. @throws Error, from `rate`, as the server has. */
export const isolateOf = (name: string) => {
  // A copy of the environment, as workers have by themselves, takes several times as long to read.
  const worker = new Worker(process.argv[1] ?? "", { workerData: name, env: SHARE_ENV });
  const rate = async (batch: Batch): Promise<number> => {
    worker.postMessage(batch);
    const [calls] = (await once(worker, "message")) as [number];
    return calls;
  };
  return { rate, end: () => worker.terminate() };
};
