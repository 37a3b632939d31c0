/** Short ways to speak 2026-07-28, and to read event streams. */
import { createParser } from "eventsource-parser";
import { bearer, jsonHeaders, post, type Backend, type ToolResult } from "./gate";

export const MODERN = "2026-07-28";
export const VERSION_KEY = "io.modelcontextprotocol/protocolVersion";
export const CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities";

export const modernHeaders = (method: string, name?: string): Record<string, string> => ({
  "MCP-Protocol-Version": MODERN,
  "Mcp-Method": method,
  ...(name === undefined ? {} : { "Mcp-Name": name }),
});

export const modernMessage = (method: string, params: object = {}) => ({
  jsonrpc: "2.0",
  id: 1,
  method,
  params: { ...params, _meta: { [VERSION_KEY]: MODERN, [CAPABILITIES_KEY]: {} } },
});

/** A request of 2026-07-28, with the headers that go with it. */
export const modernRpc = (
  t: Backend,
  key: string,
  method: string,
  params: { name?: string; taskId?: string } & Record<string, unknown> = {},
  headers: Record<string, string> = {},
) =>
  post(t, key, modernMessage(method, params), {
    ...modernHeaders(method, params.name),
    ...headers,
  });

/** A `tools/call` whose answer is read as it comes. */
export const fetchCall = (
  t: Backend,
  key: string,
  params: object,
  {
    signal,
    headers = {},
    id = 1,
  }: { signal?: AbortSignal; headers?: Record<string, string>; id?: string | number } = {},
): Promise<Response> =>
  t.fetch("/mcp", {
    method: "POST",
    headers: { ...jsonHeaders, ...bearer(key), ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params }),
    ...(signal ? { signal } : {}),
  });

/** A response or a notification. */
interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: object;
  readonly result?: ToolResult;
  readonly error?: { code: number; message: string };
}

interface Parsed {
  readonly messages: Message[];
  readonly comments: string[];
  readonly problems: unknown[];
}

export const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

/** Reads an event stream with an independent parser, `step` bytes at a time. */
export const parseEvents = (bytes: Uint8Array, step = bytes.length): Parsed => {
  const parsed: Parsed = { messages: [], comments: [], problems: [] };
  const parser = createParser({
    onEvent: ({ event, id, data }) => {
      if (event !== "message" || id !== undefined) parsed.problems.push({ event, id });
      parsed.messages.push(JSON.parse(data) as Message);
    },
    onComment: (comment) => parsed.comments.push(comment),
    onError: (error) => parsed.problems.push(error),
    onRetry: (retry) => parsed.problems.push({ retry }),
  });
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let at = 0; at < bytes.length; at += step) {
    parser.feed(decoder.decode(bytes.subarray(at, at + step), { stream: true }));
  }
  return parsed;
};
