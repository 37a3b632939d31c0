/** The deployment as the checks see it. A request that several checks need is sent once. */
import { mintKey, parseKey } from "../../src/auth/keyFormat";
import { admitted, resultOf } from "./answer";
import { ask, type Ask, type Reply } from "./ask";
import { discover, initialize, ping, type Dialect } from "./dialect";
import { skip, Verdict } from "./finding";
import { hear, type Heard } from "./hear";
import { dialectOf } from "./served";
import type { Limits, Target } from "./target";
import { pageOf, type ToolPage } from "./toolPage";

/** A deployment, and the ways to ask it. */
export interface Deployment {
  readonly target: Target;
  readonly limits: Limits;
  /** Asks without a key. `url` replaces the URL of the endpoint. @throws NoReply */
  readonly ask: (request: Ask, url?: URL) => Promise<Reply>;
  /** Reads what lies at a path by GET, without a key. It is asked for once. @throws NoReply */
  readonly read: (path: string) => Promise<Reply>;
  /** Asks with the key. @throws NoReply, or Verdict `skip` without a key. */
  readonly askWithKey: (request: Ask) => Promise<Reply>;
  /** Asks with the key and listens for `limitMs` milliseconds at most. @throws NoReply, or Verdict `skip` without a key. */
  readonly hearWithKey: (request: Ask, limitMs: number) => Promise<Heard>;
  /** The answers to all requests with the key so far. The list grows. */
  readonly answersToKey: readonly Reply[];
  /** The answer to a request without a key. */
  readonly toStranger: () => Promise<Reply>;
  /** The answer to a key of the right form that was never issued. */
  readonly toUnknownKey: () => Promise<Reply>;
  /** The answer to the first request of the legacy era. */
  readonly initialize: () => Promise<Reply>;
  /** The answer to the first request of the modern era. */
  readonly discover: () => Promise<Reply>;
  /** The era for all other requests. @throws NoReply, or Verdict `skip` if the server speaks none. */
  readonly dialect: () => Promise<Dialect>;
  /** The first page of tools. @throws NoReply, or Verdict. */
  readonly tools: () => Promise<ToolPage>;
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};

const withKey = (request: Ask, key: string): Ask => ({
  ...request,
  headers: { ...request.headers, Authorization: `Bearer ${key}` },
});

/** Returns the key to send. A text that is not a key is never sent, because it may be another secret. */
const keyOf = ({ key }: Target): string => {
  if (key === undefined) throw new Verdict(skip("no key"));
  if (parseKey(key) === undefined) throw new Verdict(skip("see key"));
  return key;
};

const reader = (target: Target, limits: Limits): Deployment["read"] => {
  const read = new Map<string, Promise<Reply>>();
  return (path) => {
    const headers = { Accept: "application/json" };
    const reply =
      read.get(path) ??
      ask(new URL(path, target.url), { method: "GET", headers }, limits.requestMs);
    read.set(path, reply);
    return reply;
  };
};

/** Makes the ways to ask, and the list of answers to the key. */
const askers = (target: Target, limits: Limits) => {
  const answersToKey: Reply[] = [];
  const record = <R extends Reply>(reply: R): R => {
    answersToKey.push(reply);
    return reply;
  };
  return {
    answersToKey,
    read: reader(target, limits),
    ask: (request: Ask, url = target.url) => ask(url, request, limits.requestMs),
    askWithKey: async (request: Ask) =>
      record(await ask(target.url, withKey(request, keyOf(target)), limits.requestMs)),
    hearWithKey: async (request: Ask, limitMs: number) =>
      record(await hear(target.url, withKey(request, keyOf(target)), limitMs)),
  };
};

/** Makes a deployment. It sends no request yet. */
export const deploymentAt = (target: Target, limits: Limits): Deployment => {
  const asking = askers(target, limits);
  const toInitialize = once(() => asking.askWithKey(initialize));
  const toDiscover = once(() => asking.askWithKey(discover));
  const dialect = once(() => dialectOf(toInitialize(), toDiscover()));
  return {
    target,
    limits,
    ...asking,
    toStranger: once(() => asking.ask(ping)),
    toUnknownKey: once(async () => asking.ask(withKey(ping, (await mintKey("test")).key))),
    initialize: toInitialize,
    discover: toDiscover,
    dialect,
    tools: once(async () => {
      const reply = await asking.askWithKey((await dialect()).ask("tools/list"));
      return pageOf(resultOf(admitted(reply)));
    }),
  };
};
