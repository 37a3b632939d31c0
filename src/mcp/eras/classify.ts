/** Finds the era of each message. The body decides, and a header only where the body does not tell. */
import { ErrorCode, isObject, RpcError, type JsonRpcMessage } from "../../wire/jsonrpc";
import { onceIn } from "../../wire/repeats";
import type { Era } from "../exchange";
import { VERSION_KEY } from "../revision/meta";
import { BATCH_VERSION, LEGACY_VERSIONS } from "../revision/versions";
import { legacy, legacyEra } from "./legacy";
import { checkModern, modern } from "./modern";

const hasEnvelope = (value: unknown): boolean =>
  isObject(value) &&
  isObject(value.params) &&
  isObject(value.params._meta) &&
  VERSION_KEY in value.params._meta;

/** Whether a version is a revision of 2026 or later. Messages of these revisions have an envelope. */
const isModernVersion = (version: string | null): boolean =>
  version !== null && /^\d{4}-\d{2}-\d{2}$/.test(version) && version >= "2026";

/**
 * The era of a single message.
 *
 * @throws RpcError (HTTP 400) for what `checkModern` and `legacyEra` refuse.
 * @see MCP 2026-07-28 basic/versioning, "dual-era server"
 */
export const classify = (message: JsonRpcMessage, headers: Headers): Era => {
  if (hasEnvelope(message)) {
    checkModern(message, headers);
    return modern();
  }
  if (message.method === "initialize") return legacy(LEGACY_VERSIONS[0]);
  if (!isModernVersion(onceIn(headers, "MCP-Protocol-Version"))) return legacyEra(headers);
  // The spec does not say which headers a notification needs, and a notification runs nothing here.
  if (message.id !== undefined) checkModern(message, headers);
  return modern();
};

const invalidBatch = (message: string) =>
  new RpcError(ErrorCode.InvalidRequest, `Invalid Request: ${message}`, { status: 400 });

/** The most messages in a batch. */
const MAX_BATCH = 16;

/**
 * The era of a batch.
 *
 * @throws RpcError -32600 (HTTP 400) if the batch is empty, has more than 16 messages, contains `initialize`, or is in a revision
 * without batches.
 */
export const classifyBatch = (messages: readonly unknown[], headers: Headers): Era => {
  if (messages.length === 0) throw invalidBatch("the batch is empty");
  if (messages.length > MAX_BATCH)
    throw invalidBatch(`more than ${String(MAX_BATCH)} messages in a batch`);
  if (messages.some((message) => isObject(message) && message.method === "initialize"))
    throw invalidBatch("initialize must not be part of a batch");
  const era = messages.some(hasEnvelope) ? modern() : legacyEra(headers);
  if (era.version !== BATCH_VERSION)
    throw invalidBatch(`batches exist only in revision ${BATCH_VERSION}`);
  return era;
};
