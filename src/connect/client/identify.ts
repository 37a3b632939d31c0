/** Finds out which client asks, and where its code may go. Nothing is sent anywhere before both are certain. */
import { makeFunctionReference } from "convex/server";
import { readPeppers } from "../../auth/pepper";
import { defined } from "../../base/defined";
import { digest } from "../../base/digest";
import type { Client } from "../../data/values";
import type { ClientDocument, KeepDocument, KnownDocument } from "../../grants/documents";
import type { Toolgate } from "../../registry/toolgate";
import type { Runner } from "../../runner/runner";
import { documentUrl } from "./documentUrl";
import { fetchDocument } from "./fetchDocument";
import { pinned } from "./pinned";
import { problem, type Problem } from "./problem";
import { chooseRedirect } from "./redirect";
import { openRegistration } from "./registered";
import { isTrustedDocument, isTrustedRedirect } from "./trust";

/** The most documents that a deployment fetches in a minute. */
const MOST_FETCHES = 20;

interface Asking {
  readonly app: Toolgate;
  readonly runner: Runner;
}

const lookUp = ({ app, runner }: Asking, url: URL): Promise<KnownDocument> =>
  runner.query(
    makeFunctionReference<"query", { url: string }, KnownDocument>(`${app.dir}/connect:document`),
    { url: url.href },
  );

/** Keeping the same again does no harm. */
const keep = ({ app, runner }: Asking, row: KeepDocument): Promise<null> =>
  runner.mutation(
    makeFunctionReference<"mutation", KeepDocument, null>(`${app.dir}/connect:keepDocument`),
    row,
    true,
  );

/** An older copy counts as long as its client has not taken it back. */
const refetch = async (
  asking: Asking,
  url: URL,
  known: KnownDocument,
): Promise<ClientDocument | undefined> => {
  const { document: fetched, gone = false, freshForMs } = await fetchDocument(url);
  const document = fetched ?? (gone ? undefined : known.document);
  await keep(asking, defined({ url: url.href, freshForMs, document }));
  return document;
};

type Found = { readonly document: ClientDocument; readonly verified: boolean } | Problem;

const findPublished = async (asking: Asking, clientId: string): Promise<Found> => {
  const url = documentUrl(clientId);
  if (url === undefined) return problem.unknownClient();
  if (!isTrustedDocument(url)) return problem.untrusted(url.hostname);
  const known = await lookUp(asking, url);
  const isDue = !known.isFresh && known.recentFetches < MOST_FETCHES;
  const document = isDue ? await refetch(asking, url, known) : known.document;
  if (document !== undefined) return { document, verified: true };
  return isDue || known.isFresh ? problem.noDocument(url.hostname) : problem.busy();
};

const find = async (asking: Asking, clientId: string): Promise<Found> => {
  const known = pinned(clientId);
  if (known !== undefined) return { document: known, verified: true };
  const registered = await openRegistration(readPeppers(), clientId);
  if (registered !== undefined) return { document: registered, verified: false };
  return findPublished(asking, clientId);
};

/**
 * The id under which rows name a client: its URL, or the SHA-256 of its registered id, in hex.
 *
 * @param clientId - as the client sent it. Whether there is such a client is not checked.
 */
export const clientIdOf = async (clientId: string): Promise<string> =>
  clientId.startsWith("https://") ? clientId : digest(clientId);

/**
 * Identifies the client of an authorization request. It calls nothing in Convex, unless the client is known by a document that is not
 * pinned: then one query, and if the document must be fetched, one mutation.
 *
 * @param redirectUri - that of the request; undefined if it names none.
 */
export const identify = async (
  asking: Asking,
  clientId: string,
  redirectUri: string | undefined,
): Promise<{ readonly client: Client; readonly redirectUri: string } | Problem> => {
  const found = await find(asking, clientId);
  if ("problem" in found) return found;
  const { document, verified } = found;
  const chosen = chooseRedirect(redirectUri, document.redirectUris);
  if (chosen === undefined) return problem.badRedirect();
  const url = new URL(chosen);
  if (!verified && !isTrustedRedirect(url)) return problem.untrusted(url.hostname);
  const id = await clientIdOf(clientId);
  return { client: { id, name: document.name, host: url.host, verified }, redirectUri: chosen };
};

/** Identifies a client without a redirect, such as a device. It calls what `identify` calls. */
export const identifyDevice = async (
  asking: Asking,
  clientId: string,
): Promise<{ readonly client: Client } | Problem> => {
  const found = await find(asking, clientId);
  if ("problem" in found) return found;
  const { document, verified } = found;
  return { client: { id: await clientIdOf(clientId), name: document.name, verified } };
};
