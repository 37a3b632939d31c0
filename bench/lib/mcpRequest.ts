/** MCP requests as clients of both eras send them, and a cheap look at the answers. */

export type Era = "2025" | "2026";

/** The newest legacy revision that every peer speaks. */
const LEGACY = "2025-06-18";
const MODERN = "2026-07-28";

const envelope = (extensions: object | undefined) => ({
  _meta: {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientCapabilities": extensions === undefined ? {} : { extensions },
    "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
  },
});

const eraHeaders = (era: Era, method: string, name: unknown): Record<string, string> =>
  era === "2025"
    ? { "mcp-protocol-version": LEGACY }
    : {
        "mcp-protocol-version": MODERN,
        "mcp-method": method,
        ...(typeof name === "string" ? { "mcp-name": name } : {}),
      };

export interface Ask {
  readonly era: Era;
  readonly method: string;
  readonly params?: Record<string, unknown>;
  readonly key?: string | undefined;
  /** Of the protocol, that the client declares. */
  readonly extensions?: object;
  /** Instead of the JSON that the rest makes. */
  readonly body?: string;
}

/** The parts of a request, for `fetch` of convex-test, which takes no Request. */
export const initOf = ({ era, method, params = {}, key, extensions, body }: Ask) => ({
  method: "POST",
  headers: {
    // Some peers refuse a request without a Host of their own.
    host: "localhost",
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...eraHeaders(era, method, params.name),
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  },
  body:
    body ??
    JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method,
      params: era === "2025" ? params : { ...params, ...envelope(extensions) },
    }),
});

export const requestOf = (ask: Ask): Request => new Request("http://localhost/mcp", initOf(ask));

/** The text of a 200. */
export const textOf = async (response: Response): Promise<string> => {
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${String(response.status)}: ${text.slice(0, 300)}`);
  return text;
};

/** The message in an answer, JSON or event stream. */
export const messageOf = (text: string): { result?: Record<string, unknown> } => {
  const json = text.startsWith("{") ? text : text.match(/^data: ?(\{.*)$/m)?.[1];
  return JSON.parse(json ?? "null") as { result?: Record<string, unknown> };
};
