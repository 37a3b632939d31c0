/**
 * Sessions of 2025 clients. The server stores nothing for a session. The session id states the kinds of questions that the client can
 * answer, and its name if it is known to wait longer than others. It also keeps the client's request ids apart from those of other
 * clients with the same key. The client repeats the id with every request. A client that does not is served all the same.
 */
import { readPeppers } from "../../auth/pepper";
import { seal, unseal } from "../../auth/seal";
import { kindsIn } from "../../asking/request";
import type { JsonRpcId } from "../../wire/jsonrpc";
import { onceIn } from "../../wire/repeats";
import type { Exchange } from "../exchange";
import { patientClient } from "./patience";

/** The header in which a client names its session. */
export const SESSION_HEADER = "Mcp-Session-Id";
const PURPOSE = "session";

export interface Session {
  readonly id: string;
  /** The client, if it is known to count progress as life. */
  readonly patient: string | undefined;
  /** The kinds of requests that the client says it can answer. */
  readonly can: readonly string[];
}

/** The headers of a reply to `initialize`. The session id is signed, so only this server can have written its content. */
export const newSession = async ({
  message: { params },
}: Pick<Exchange, "message">): Promise<Record<string, string>> => {
  const { capabilities, clientInfo } = params;
  const patient = patientClient(clientInfo) ?? "";
  const text = [crypto.randomUUID(), patient, ...kindsIn(capabilities)].join("~");
  return { [SESSION_HEADER]: await seal(readPeppers(), PURPOSE, text) };
};

/**
 * The session of a request; undefined if it names none, or one that this server has not signed.
 *
 * @throws RpcError -32600 (HTTP 400) if it names different ones.
 */
export const sessionOf = async (headers: Headers): Promise<Session | undefined> => {
  const id = onceIn(headers, SESSION_HEADER);
  if (id === null || id.length > 256) return undefined;
  const text = await unseal(readPeppers(), PURPOSE, id);
  if (text === undefined) return undefined;
  const [, patient = "", ...can] = text.split("~");
  return { id, can, patient: patientClient({ name: patient }) };
};

/**
 * The id under which a call that asks on its stream hears that it was cancelled, as if that were a question which the client answers by
 * cancelling. A request id is unique within its session (MCP 2025-11-25 basic, "Requests").
 */
export const cancelIdOf = ({ id }: Session, requestId: JsonRpcId | undefined): string =>
  JSON.stringify([id, requestId]);
