/** MCP requests as clients of both eras send them. */

export type Era = "2025" | "2026";

/** The newest legacy revision that every peer speaks, and the modern one. */
const REVISIONS = { "2025": "2025-06-18", "2026": "2026-07-28" } as const;

export interface Ask {
  readonly era: Era;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly key?: string | undefined;
  /** Of the protocol, that the client declares. */
  readonly extensions?: object;
  /** Instead of the JSON that the rest makes. */
  readonly body?: string;
}

/** A call of a tool. */
export const callOf = (key: string, name: string, args: object): Ask => ({
  ...{ era: "2025", key, method: "tools/call", params: { name, arguments: args } },
});

const metaOf = (extensions: object | undefined) => ({
  "io.modelcontextprotocol/protocolVersion": REVISIONS["2026"],
  "io.modelcontextprotocol/clientCapabilities": extensions === undefined ? {} : { extensions },
  "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
});

/** The parts of a request, for `fetch` of convex-test, which takes no Request. */
export const initOf = ({ era, method, params = {}, key, extensions, body }: Ask) => {
  const isModern = era === "2026";
  const sent = isModern ? { ...params, _meta: metaOf(extensions) } : params;
  const headers: Record<string, string> = {
    // Some peers refuse a request without a Host of their own.
    host: "localhost",
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": REVISIONS[era],
  };
  if (key !== undefined) headers.authorization = `Bearer ${key}`;
  if (isModern) headers["mcp-method"] = method;
  if (isModern && typeof params.name === "string") headers["mcp-name"] = params.name;
  const message = { jsonrpc: "2.0", id: 1, method, params: sent };
  return { method: "POST", headers, body: body ?? JSON.stringify(message) };
};

/** The text of an answer. @throws Error unless it has that status, holds that, and tells of no failure of a tool. */
export const answerOf = async (response: Response, holds = "", status = 200): Promise<string> => {
  const text = await response.text();
  if (response.status !== status || !text.includes(holds) || text.includes('"isError":true'))
    throw new Error(`${String(response.status)} ${text.slice(0, 400)}`);
  return text;
};
