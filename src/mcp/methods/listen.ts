/**
 * Answers subscriptions/listen: a stream that reports changes until it is closed or its time is up. It lasts as long as Convex allows,
 * since a client that must open it again too often stops: Claude Code does for six hours after five times in an hour
 * (code.claude.com/docs/en/mcp, "Notification streams").
 *
 * @see MCP 2026-07-28 basic/patterns/subscriptions
 */
import type { Changes } from "../../run/changes";
import type { Exchange, Handle } from "../exchange";
import type { Toolgate } from "../../registry/toolgate";
import { runQuery } from "../glue";
import { filterOf, toWire, type Filter, type ListKind } from "../revision/listenFilter";
import { SUBSCRIPTION_KEY } from "../revision/meta";
import type { Pause } from "../waiting/pace";
import { pollUntil } from "../waiting/poll";

/**
 * The pause between two looks, in milliseconds: 0.4 s in the first 2 s, when somebody is most likely trying it out, then half of the
 * time waited so far, 10 s at most. Each look is a billed call. This way a client that always listens costs less than 300,000 a month.
 */
export const pause: Pause = (waitedMs) => (waitedMs < 2_000 ? 400 : Math.min(10_000, waitedMs / 2));

const has = ({ resources = {}, prompts = {} }: Toolgate, kind: ListKind): boolean =>
  kind === "tools" || Object.keys(kind === "prompts" ? prompts : resources).length > 0;

/** The part of the filter that is honoured: lists that this server has, and URIs that the caller can read. */
const honoured = ({ lists, uris }: Filter, app: Toolgate, now: Changes): Filter => ({
  lists: lists.filter((kind) => has(app, kind)),
  uris: uris.filter((_uri, index) => typeof now.uris[index] === "string"),
});

interface Told {
  readonly method: string;
  readonly params: object;
}

/**
 * The notifications for the differences between two polls.
 *
 * @param asked - the URIs in the order that both polls use.
 */
const differences = (
  { lists, uris }: Filter,
  asked: readonly string[],
  before: Changes,
  now: Changes,
): Told[] => [
  ...lists
    .filter((kind) => before[kind] !== now[kind])
    .map((kind) => ({ method: `${kind}/list_changed`, params: {} })),
  ...asked
    .filter((uri, index) => uris.includes(uri) && before.uris[index] !== now.uris[index])
    .map((uri) => ({ method: "resources/updated", params: { uri } })),
];

const tell = async (exchange: Exchange, _meta: object): Promise<void> => {
  const { app, call, message, notifier, receivedAt } = exchange;
  const principal = { ...exchange.principal, operation: exchange.operation };
  const wanted = filterOf(message.params);
  const look = () => runQuery(exchange, "jobs:changes", { principal, uris: [...wanted.uris] });
  const send = ({ method, params }: Told) => notifier?.notify(method, { ...params, _meta });
  let before = await look();
  const filter = honoured(wanted, app, before);
  send({ method: "subscriptions/acknowledged", params: { notifications: toWire(filter) } });
  await pollUntil(exchange, {
    deadline: call.stream?.endsAt ?? receivedAt,
    look,
    find: (now): undefined => {
      differences(filter, wanted.uris, before, now).forEach(send);
      before = now;
    },
    pause,
  });
};

/**
 * Acknowledges the filter, then reports every change: within a second at first, within 10 s later. Each message has the id of the request.
 *
 * @returns the result that ends the stream when its time is up. The client then asks again, and reads again what it must not miss.
 * @throws RpcError 401 once the key is revoked or expired.
 */
export const listen: Handle = async (exchange) => {
  const _meta = { [SUBSCRIPTION_KEY]: exchange.message.id };
  await tell(exchange, _meta);
  return { _meta };
};
