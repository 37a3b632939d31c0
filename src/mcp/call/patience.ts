/**
 * How long clients wait for the answer to a call. One that gives up closes the stream, and since 2026-07-28 that cancels the call. So a
 * call of a long tool is answered with its job before its client gives up.
 */
import { isObject, type JsonRpcMessage } from "../../wire/jsonrpc";
import { acceptsStream } from "../../wire/mediaTypes";
import type { Incoming } from "../exchange";
import { progressTokenOf } from "../negotiation";
import { CLIENT_INFO_KEY } from "../revision/meta";

/**
 * For every client that is not known. Many give up after 60 s, whatever they hear meanwhile: it is the default of the official SDKs, and
 * claude.ai does it too (anthropics/claude-ai-mcp#115).
 */
const SECONDS = 50;

/** For a client that counts progress as life. Claude Code gives up after 300 s without progress, and claude.ai documents 300 s. */
const SECONDS_WITH_PROGRESS = 280;

/** The seconds that a 2025 client has to answer a question on its stream. */
export const ANSWER_SECONDS = 280;

/**
 * The clients that are known to count progress as life, by the name that they give themselves:
 *
 * - `claude-code`: 60 s to the first byte, then 300 s without a progress notification (code.claude.com/docs/en/mcp, 2026-08-22).
 */
const COUNTING_PROGRESS = ["claude-code"];

/** The name in a `clientInfo`, if that client is known to count progress as life. It is what the client says, and not verified. */
export const patientClient = (clientInfo: unknown): string | undefined =>
  isObject(clientInfo) ? COUNTING_PROGRESS.find((name) => name === clientInfo.name) : undefined;

/**
 * The seconds after which a call of a long tool is answered in any case.
 *
 * @param known - the patient client that a 2025 session names. A 2026 client names itself with each request.
 */
export const patienceOf = (
  message: JsonRpcMessage,
  { request, batch }: Incoming,
  known: string | undefined,
): number => {
  const { _meta: meta } = message.params;
  const hearsProgress =
    batch === undefined &&
    acceptsStream(request.headers) &&
    progressTokenOf({ message, method: undefined }) !== undefined;
  const client = known ?? patientClient(isObject(meta) ? meta[CLIENT_INFO_KEY] : undefined);
  return hearsProgress && client !== undefined ? SECONDS_WITH_PROGRESS : SECONDS;
};
