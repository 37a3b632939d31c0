/**
 * A new server with a key before each test, at a time that stands still, and bursts of calls. The limits are a quarter of those
 * shipped, 48 tokens of a key in three shards: a shard is as full as in the limits as shipped, and a burst is over sooner.
 */
import { afterEach, beforeEach, vi } from "vitest";
import { issueKey, newServer, rpc, type Backend, type Reply } from "../../support/gate";

export let t: Backend;
export let key: string;
export let keyId: string;

/** Lets what is below call another server. */
export const serveFrom = (server: Backend, itsKey: string): void => {
  t = server;
  key = itsKey;
};

/** Time stands still unless a test moves it, so nothing is refilled in between. */
export const start = Date.UTC(2030, 0, 1);
export const at = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: start + ms });

beforeEach(async () => {
  at(0);
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "0.25");
  t = await newServer();
  ({ key, keyId } = await issueKey(t));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

export const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

/** A request that costs a token and nothing else. */
export const read = (as = key) => rpc(t, as, "resources/list");
export const burst = (count: number, as = key) => times(count, () => read(as));
export const admitted = (replies: readonly Reply[]) =>
  replies.filter(({ status }) => status === 200).length;
export const statuses = (replies: readonly Reply[]) =>
  [...new Set(replies.map(({ status }) => status))].sort();

/** Says no as soon as a call is refused. */
export const drain = async (call: () => Promise<Reply>, most = 300): Promise<Reply> => {
  // A refusal only says that two shards are empty, so a few more make sure that all are.
  let last: Reply | undefined;
  for (let refused = 0, sent = 0; refused < 40 && sent < most; sent++) {
    const reply = await call();
    if (reply.status === 429) refused++;
    last = reply.status === 429 ? reply : last;
  }
  return last!;
};
