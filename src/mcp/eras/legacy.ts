/**
 * MCP 2025-03-26, 2025-06-18 and 2025-11-25: a handshake, then requests without an envelope. The server keeps no sessions and
 * remembers nothing between requests. It also serves clients that leave out the version header or change it.
 *
 * @see MCP 2025-11-25 basic/lifecycle, basic/transports
 */
import { acceptsStream } from "../../wire/mediaTypes";
import { ErrorCode, RpcError } from "../../wire/jsonrpc";
import { onceIn } from "../../wire/repeats";
import { sessionOf } from "../call/session";
import type { Era } from "../exchange";
import { BATCH_VERSION, LEGACY_VERSIONS } from "../revision/versions";

/** The era of a 2025 revision. It is not checked that `version` is one. */
export const legacy = (version: string): Era => ({
  name: "legacy",
  version,
  startsTask: () => false,
  closingCancels: false,
  unknownMethodStatus: 200,
  logLevel: () => "info",
  resourceNotFound: -32002,
  canAsk: async (_message, { request: { headers } }) =>
    acceptsStream(headers) ? ((await sessionOf(headers))?.can ?? []) : [],
  asksOnStream: true,
  finish: (result) => result,
});

/**
 * The era of a request without an envelope. Without a version header it is 2025-03-26.
 *
 * @throws RpcError -32600 (HTTP 400) if the version header names another revision.
 */
export const legacyEra = (headers: Headers): Era => {
  const stated = onceIn(headers, "MCP-Protocol-Version") ?? BATCH_VERSION;
  const version = LEGACY_VERSIONS.find((one) => one === stated);
  if (version !== undefined) return legacy(version);
  throw new RpcError(
    ErrorCode.InvalidRequest,
    `Unsupported protocol version. Supported without _meta: ${LEGACY_VERSIONS.join(", ")}`,
    { status: 400 },
  );
};
