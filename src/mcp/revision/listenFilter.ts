/** Reads the filter of `subscriptions/listen`, which names the changes that a client wants to hear of. */
import { invalidParams, isObject, type Params } from "../../wire/jsonrpc";

/** The most resources of one stream. Each costs a query at every poll. */
const MAX_URIS = 16;

const LISTS = ["tools", "prompts", "resources"] as const;

export type ListKind = (typeof LISTS)[number];

export interface Filter {
  /** The lists whose changes are wanted. */
  readonly lists: readonly ListKind[];
  /** The resources whose changes are wanted, each once. */
  readonly uris: readonly string[];
}

const isWanted = (sent: Params, kind: ListKind): boolean => {
  const flag = sent[`${kind}ListChanged`];
  if (flag === undefined) return false;
  if (typeof flag === "boolean") return flag;
  throw invalidParams(`"notifications.${kind}ListChanged" must be a boolean`);
};

const urisOf = ({ resourceSubscriptions: uris = [] }: Params): string[] => {
  const field = '"notifications.resourceSubscriptions"';
  if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === "string"))
    throw invalidParams(`${field} must be an array of strings`);
  if (uris.length > MAX_URIS)
    throw invalidParams(`${field} must hold at most ${String(MAX_URIS)} URIs`);
  return [...new Set(uris)];
};

/**
 * Reads the filter of a `subscriptions/listen`. Members that this server does not know are ignored; the acknowledgement shows that,
 * since it leaves them out. Whether the caller may read the resources is not checked.
 *
 * @throws RpcError -32602 that names the wrong field.
 * @see MCP 2026-07-28 basic/patterns/subscriptions
 */
export const filterOf = ({ notifications }: Params): Filter => {
  if (!isObject(notifications)) throw invalidParams('"notifications" must be an object');
  const lists = LISTS.filter((kind) => isWanted(notifications, kind));
  return { lists, uris: urisOf(notifications) };
};

/** A filter as the protocol writes it. */
export const toWire = ({ lists, uris }: Filter): object => ({
  ...Object.fromEntries(lists.map((kind) => [`${kind}ListChanged`, true])),
  ...(uris.length > 0 ? { resourceSubscriptions: uris } : {}),
});
