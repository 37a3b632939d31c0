/** Sends a message of the playground to the deployment's endpoint, by the server that serves this page. */
import { Failure } from "./failure";
import { readToken } from "./token";

/**
 * It does not read the status: a 401 is the endpoint's word about the pasted key, and an answer to show like any other.
 *
 * @param headers - of the message itself.
 * @param key - the pasted key. It is in no other request, and in no storage.
 * @throws Failure `offline` without an answer
 */
export const sendMessage = async (
  message: object,
  headers: Readonly<Record<string, string>>,
  key: string,
  signal: AbortSignal,
): Promise<Response> => {
  const own = { Authorization: `Bearer ${readToken() ?? ""}`, "X-Mcp-Key": key };
  const init = { method: "POST", headers: { ...headers, ...own }, body: JSON.stringify(message) };
  try {
    return await fetch("/console/mcp", { ...init, signal, credentials: "omit", cache: "no-store" });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Failure("offline", "The console's server does not answer. Does it still run?");
  }
};
