/** The deployment as the checks see it. What several of them look at is asked for once. */
import { mintKey, parseKey } from "../../src/auth/keyFormat";
import { admitted, resultOf } from "./answer";
import { ask, type Ask, type Reply } from "./ask";
import { discover, initialize, ping, type Dialect } from "./dialect";
import { skip, Verdict } from "./finding";
import { hear, type Heard } from "./hear";
import { dialectOf } from "./served";
import type { Limits, Target } from "./target";
import { pageOf, type ToolPage } from "./toolPage";

export interface Deployment {
  readonly target: Target;
  readonly limits: Limits;
  /** Asks as a stranger; elsewhere than at the endpoint if `url` says so. @throws NoReply */
  readonly ask: (request: Ask, url?: URL) => Promise<Reply>;
  /** Asks with the key. @throws NoReply, Verdict `skip` without a key */
  readonly askWithKey: (request: Ask) => Promise<Reply>;
  /** Listens, with the key. @throws NoReply, Verdict `skip` without a key */
  readonly hearWithKey: (request: Ask, limitMs: number) => Promise<Heard>;
  /** The answers to all requests with the key so far. */
  readonly answersToKey: readonly Reply[];
  /** The answer to a request without a key. */
  readonly toStranger: () => Promise<Reply>;
  /** The answer to a key that has the right form and was never issued. */
  readonly toUnknownKey: () => Promise<Reply>;
  /** The answer to the first request of the legacy era. */
  readonly initialize: () => Promise<Reply>;
  /** The answer to the first request of the modern era. */
  readonly discover: () => Promise<Reply>;
  /** The era to ask everything else in. @throws Verdict `skip` if none is served */
  readonly dialect: () => Promise<Dialect>;
  /** The first page of tools. @throws NoReply, Verdict */
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

/** What is no key is never sent: it may be the secret of something else. */
const keyOf = ({ key }: Target): string => {
  if (key === undefined) throw new Verdict(skip("no key"));
  if (parseKey(key) === undefined) throw new Verdict(skip("see key"));
  return key;
};

/** The ways to ask, and the record of what the key was answered. */
const askers = (target: Target, limits: Limits) => {
  const answersToKey: Reply[] = [];
  const record = <R extends Reply>(reply: R): R => {
    answersToKey.push(reply);
    return reply;
  };
  return {
    answersToKey,
    ask: (request: Ask, url = target.url) => ask(url, request, limits.requestMs),
    askWithKey: async (request: Ask) =>
      record(await ask(target.url, withKey(request, keyOf(target)), limits.requestMs)),
    hearWithKey: async (request: Ask, limitMs: number) =>
      record(await hear(target.url, withKey(request, keyOf(target)), limitMs)),
  };
};

/** Asks for nothing yet. */
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
