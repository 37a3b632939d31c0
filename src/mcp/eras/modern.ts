/**
 * MCP 2026-07-28: stateless. Every request has an envelope in `params._meta` and repeats it in headers.
 *
 * @see MCP 2026-07-28 basic/index (envelope, results), basic/transports/streamable-http (headers)
 */
import { kindsIn } from "../../asking/request";
import { isLogLevel, LOG_LEVELS } from "../../data/logLevel";
import { ErrorCode, isObject, RpcError, type JsonRpcMessage } from "../../wire/jsonrpc";
import { isInputRequired, type Era } from "../exchange";
import { methodIn } from "../methods/table";
import { requireHeader } from "../revision/headers";
import { declaresTasks } from "../revision/tasks";
import { CAPABILITIES_KEY, LOG_LEVEL_KEY, SERVER_INFO_KEY, VERSION_KEY } from "../revision/meta";
import { MODERN_VERSION } from "../revision/versions";

/** Cache hints for clients: 60 s. Lists depend on the caller's role, so no cache may be shared. */
const CACHE = { ttlMs: 60_000, cacheScope: "private" };

/** The era of MCP 2026-07-28. It is a function because Convex evaluates this module for every request, and only some are in this era. */
export const modern = (): Era => ({
  name: "modern",
  version: MODERN_VERSION,
  startsTask: declaresTasks,
  closingCancels: true,
  unknownMethodStatus: 404,
  logLevel: ({ params: { _meta: meta } }) => {
    const level = isObject(meta) ? meta[LOG_LEVEL_KEY] : undefined;
    return isLogLevel(level) ? level : undefined;
  },
  resourceNotFound: ErrorCode.InvalidParams,
  canAsk: ({ params: { _meta: meta } }) =>
    Promise.resolve(isObject(meta) ? kindsIn(meta[CAPABILITIES_KEY]) : []),
  asksOnStream: false,
  paramHeader: (name) => `Mcp-Param-${name}`,
  finish: (result, { cacheable }, { name, version }) => ({
    resultType: "complete",
    ...(cacheable === true && !isInputRequired(result) ? CACHE : {}),
    ...result,
    // server/discover says more of the server; every other result says no more than it must.
    _meta: {
      [SERVER_INFO_KEY]: { name, version },
      ...("_meta" in result ? (result._meta as object) : {}),
    },
  }),
});

const invalidEnvelope = (message: string) =>
  new RpcError(ErrorCode.InvalidParams, `Invalid params: ${message}`, { status: 400 });

const checkEnvelope = (meta: unknown): string => {
  const version = isObject(meta) ? meta[VERSION_KEY] : undefined;
  if (!isObject(meta))
    throw invalidEnvelope(`_meta with ${VERSION_KEY} and ${CAPABILITIES_KEY} is missing`);
  if (typeof version !== "string")
    throw invalidEnvelope(`_meta["${VERSION_KEY}"] must be a string`);
  if (meta[LOG_LEVEL_KEY] !== undefined && !isLogLevel(meta[LOG_LEVEL_KEY]))
    throw invalidEnvelope(`_meta["${LOG_LEVEL_KEY}"] must be one of ${LOG_LEVELS.join(", ")}`);
  if (!isObject(meta[CAPABILITIES_KEY]))
    throw invalidEnvelope(`_meta["${CAPABILITIES_KEY}"] must be an object`);
  return version;
};

/**
 * Checks the envelope and headers of a request of this era.
 *
 * @throws RpcError (HTTP 400), in this order: -32602 for an incomplete envelope, -32020 if headers and body differ, -32022 for a
 * revision that is not served. The other headers are checked last.
 */
export const checkModern = ({ method, params }: JsonRpcMessage, headers: Headers): void => {
  const version = checkEnvelope(params._meta);
  requireHeader(headers, "MCP-Protocol-Version", version);
  if (version !== MODERN_VERSION) {
    throw new RpcError(ErrorCode.UnsupportedProtocolVersion, "Unsupported protocol version", {
      status: 400,
      data: { supported: [MODERN_VERSION], requested: version },
    });
  }
  requireHeader(headers, "Mcp-Method", method);
  const { named } = methodIn({ name: "modern" }, method) ?? {};
  const name = named && params[named];
  if (typeof name === "string") requireHeader(headers, "Mcp-Name", name);
};
