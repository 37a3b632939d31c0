/** Makes requests in each of the two protocol eras. */
import type { Params } from "../../src/wire/jsonrpc";
import { CAPABILITIES_KEY, CLIENT_INFO_KEY, VERSION_KEY } from "../../src/mcp/revision/meta";
import { LEGACY_VERSIONS, MODERN_VERSION } from "../../src/mcp/revision/versions";
import type { Ask } from "./ask";

/** The form of requests in one protocol era. */
export interface Dialect {
  readonly revision: string;
  /** Whether the server cancels a call if the client leaves its stream. */
  readonly leavingCancels: boolean;
  /** Makes one request. `meta` goes into `_meta`. */
  readonly ask: (method: string, params?: Params, meta?: Params) => Ask;
}

const CLIENT = { name: "toolgate-doctor", version: "0.1.0" };

const JSON_HEADERS = {
  "Content-Type": "application/json",
  Accept: "application/json, text/event-stream",
};

/** Makes a POST of one JSON-RPC request. */
const post = (method: string, params: Params, headers: Readonly<Record<string, string>>): Ask => ({
  headers: { ...JSON_HEADERS, ...headers },
  body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
});

/** The requests of the 2025 revisions. */
export const legacy: Dialect = {
  revision: LEGACY_VERSIONS[0],
  leavingCancels: false,
  ask: (method, params = {}, meta) =>
    post(method, meta ? { ...params, _meta: meta } : params, {
      "MCP-Protocol-Version": LEGACY_VERSIONS[0],
    }),
};

const envelope: Params = {
  [VERSION_KEY]: MODERN_VERSION,
  [CAPABILITIES_KEY]: {},
  [CLIENT_INFO_KEY]: CLIENT,
};

/** The requests of revision 2026-07-28. */
export const modern: Dialect = {
  revision: MODERN_VERSION,
  leavingCancels: true,
  ask: (method, params = {}, meta) =>
    post(
      method,
      { ...params, _meta: { ...envelope, ...meta } },
      {
        "MCP-Protocol-Version": MODERN_VERSION,
        "Mcp-Method": method,
        ...(typeof params.name === "string" && { "Mcp-Name": params.name }),
      },
    ),
};

/** The first request of the legacy era. It has no version header yet. */
export const initialize: Ask = post(
  "initialize",
  { protocolVersion: LEGACY_VERSIONS[0], capabilities: {}, clientInfo: CLIENT },
  {},
);

/** The first request of the modern era. */
export const discover: Ask = modern.ask("server/discover");

/** A request that is valid in any revision, for checks of the HTTP layer. */
export const ping: Ask = post("ping", {}, {});
