/** Requests as clients of both protocol eras send them. */
import { KEY } from "./functions";
import type { Sent } from "./send";

const post = (headers: Sent["headers"], body: object): Sent => ({
  method: "POST",
  headers: {
    "Content-Type": "application/json",
    Accept: "application/json, text/event-stream",
    ...headers,
  },
  body: { jsonrpc: "2.0", id: 1, ...body },
});

/** The least that a client may send. */
export const anonymous = (headers: Sent["headers"]): Sent =>
  post(headers, { method: "tools/list" });

const authorization = { Authorization: `Bearer ${KEY}` };

/** A request with its envelope. */
export const modern = (
  method: string,
  params: { name?: string; [more: string]: unknown },
): Sent => {
  const version = "2026-07-28";
  const name = params.name === undefined ? {} : { "Mcp-Name": params.name };
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": version,
    "io.modelcontextprotocol/clientCapabilities": {},
    ...(params._meta as object | undefined),
  };
  return post(
    { ...authorization, "MCP-Protocol-Version": version, "Mcp-Method": method, ...name },
    { method, params: { ...params, _meta } },
  );
};

/** A request after a handshake. */
export const legacy = (method: string, params: object, session: string): Sent =>
  post(
    { ...authorization, "MCP-Protocol-Version": "2025-11-25", "Mcp-Session-Id": session },
    { method, params },
  );

/** The handshake. */
export const initialize = (): Sent =>
  post(authorization, {
    method: "initialize",
    params: {
      ...{ protocolVersion: "2025-11-25", capabilities: {} },
      clientInfo: { name: "drive", version: "1" },
    },
  });

/** What a browser asks before it sends. */
export const preflight = (origin: string): Sent => ({
  method: "OPTIONS",
  headers: { Origin: origin, "Access-Control-Request-Method": "POST" },
});

/** A request without a body, with the key. */
export const bare = (method: "GET" | "HEAD" | "DELETE"): Sent => ({
  method,
  headers: { ...authorization, Accept: "text/event-stream" },
});

/** A call whose body arrives in these bytes. */
export const inChunks = (...chunks: readonly Uint8Array[]): Sent => ({
  ...legacy("tools/call", {}, ""),
  chunks,
});
