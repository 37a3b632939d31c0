/** Records what passes between a client and the server, and holds it against the schemas of the specification. */
import { specTypeSchemas } from "@modelcontextprotocol/client";
import { createParser } from "eventsource-parser";
import { expect } from "vitest";

type Json = Readonly<Record<string, unknown>>;

export interface Exchange {
  readonly method: string;
  readonly headers: Headers;
  /** The message that was posted, if any. */
  readonly sent: Json | undefined;
  readonly status: number;
  /** The media type of the reply, or an empty text. */
  readonly type: string;
  /** The messages of the reply, one or a stream of them. */
  readonly received: readonly Json[];
}

const messagesOf = (type: string, text: string): Json[] => {
  if (type === "application/json") return [JSON.parse(text) as Json];
  const messages: Json[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      messages.push(JSON.parse(data) as Json);
    },
  });
  parser.feed(text);
  return messages;
};

/** Undefined if the client hung up before the reply was complete. */
const exchangeOf = async (init: RequestInit, response: Response): Promise<Exchange | undefined> => {
  const type = response.headers.get("content-type") ?? "";
  const text = await response.text().catch(() => undefined);
  if (text === undefined) return undefined;
  return {
    method: init.method ?? "GET",
    headers: new Headers(init.headers),
    sent: typeof init.body === "string" ? (JSON.parse(init.body) as Json) : undefined,
    status: response.status,
    type,
    received: messagesOf(type, text),
  };
};

export interface Wire {
  /** For a client to use in place of `fetch`. */
  readonly fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Everything so far that was heard to its end, in order. Waits for replies that are still coming. */
  readonly exchanges: () => Promise<Exchange[]>;
  /** The exchanges in which `method` was asked for. */
  readonly calls: (method: string) => Promise<Exchange[]>;
}

export const tap = (): Wire => {
  const pending: Promise<Exchange | undefined>[] = [];
  const exchanges = async () =>
    (await Promise.all(pending)).filter((exchange) => exchange !== undefined);
  return {
    fetch: async (url, init = {}) => {
      const response = await fetch(url, init);
      pending.push(exchangeOf(init, response.clone()));
      return response;
    },
    exchanges,
    calls: async (method) => (await exchanges()).filter(({ sent }) => sent?.method === method),
  };
};

const results = {
  initialize: "InitializeResult",
  ping: "EmptyResult",
  "server/discover": "DiscoverResult",
  "tools/list": "ListToolsResult",
  "tools/call": "CallToolResult",
} as const;

const validate = (name: keyof typeof specTypeSchemas, value: unknown): void => {
  const checked = specTypeSchemas[name]["~standard"].validate(value) as { issues?: unknown };
  expect(checked.issues, `${name}: ${JSON.stringify(value)}`).toBeUndefined();
};

const checkResult = (method: string, result: Json, isModern: boolean): void => {
  validate(results[method as keyof typeof results], result);
  if (isModern) {
    expect(result).toMatchObject({
      resultType: "complete",
      _meta: { "io.modelcontextprotocol/serverInfo": { name: expect.any(String) } },
    });
    const isCacheable = method !== "tools/call";
    expect("ttlMs" in result && "cacheScope" in result).toBe(isCacheable);
  } else {
    expect(result).not.toHaveProperty("resultType");
    expect(result).not.toHaveProperty("ttlMs");
  }
};

const checkExchange = ({ sent, status, type, received }: Exchange): void => {
  if (sent?.id === undefined) {
    expect(received.every(({ id, error }) => id === undefined && error !== undefined)).toBe(true);
    return;
  }
  expect(["application/json", "text/event-stream"]).toContain(type);
  const { _meta: meta } = (sent.params ?? {}) as { _meta?: Json };
  const isModern = meta?.["io.modelcontextprotocol/protocolVersion"] === "2026-07-28";
  for (const message of received) {
    validate("JSONRPCMessage", message);
    if (message.method !== undefined) validate("ProgressNotification", message);
  }
  // The reply is the last message, and the only one that is no notification.
  const replies = received.filter(({ method }) => method === undefined);
  expect(replies).toEqual([received.at(-1)]);
  const { id, result } = received.at(-1)!;
  if (status === 200) expect(id).toBe(sent.id);
  if (result !== undefined) checkResult(sent.method as string, result as Json, isModern);
};

/** Fails unless every message that the server sent is valid in the revision it was asked in. */
export const checkWire = async (wire: Wire): Promise<void> => {
  const exchanges = await wire.exchanges();
  expect(exchanges.length).toBeGreaterThan(0);
  exchanges.forEach(checkExchange);
};
