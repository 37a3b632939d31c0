/** Finds out which client sends a request to the token endpoint. All clients are public: none has a secret. */
import { clientIdOf } from "./client/identify";
import { openRegistration } from "./client/registered";
import type { Incoming } from "./incoming";
import type { Parameters } from "./parameters";
import { Problem } from "./problem";

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
};

/** The id in `Authorization: Basic` (RFC 6749 section 2.3.1). A secret beside it means nothing. */
const basicId = (headers: Headers): string | undefined => {
  const base64 = /^Basic +([\w+/=-]+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (base64 === undefined) return undefined;
  try {
    return decoded(atob(base64).split(":", 1)[0] ?? "");
  } catch {
    return undefined;
  }
};

/**
 * Reads the client of a request, from the form or the header. A secret is passed over: some clients send one whatever they were told.
 *
 * @returns the id under which rows name it.
 * @throws Problem `invalid_client` (401) for an id that was never ours; then clients register again. It says nothing of a client whose
 * connections were revoked.
 */
export const clientIn = async (
  { request, peppers }: Incoming,
  form: Parameters,
): Promise<string> => {
  const inHeader = basicId(request.headers);
  const clientId = form.get("client_id") ?? inHeader;
  if (clientId === undefined)
    throw new Problem("invalid_request", "The parameter client_id is missing");
  if (inHeader !== undefined && inHeader !== "" && inHeader !== clientId)
    throw new Problem("invalid_request", "client_id and the Authorization header differ");
  const isKnown =
    clientId.startsWith("https://") || (await openRegistration(peppers, clientId)) !== undefined;
  if (isKnown) return clientIdOf(clientId);
  const headers = inHeader === undefined ? {} : { "WWW-Authenticate": 'Basic realm="oauth"' };
  throw new Problem("invalid_client", "This client is not registered here. Register again.", {
    ...{ status: 401, headers },
  });
};
