/** Which URLs may be the id of a client, and so be fetched. */
import { siteOrigin } from "../../auth/site";

/** Names that lead into a private network or back to this machine. */
const PRIVATE =
  /(?:^|\.)(?:local|localhost|localdomain|internal|intranet|lan|home|corp|private|test|invalid|arpa|onion)$/;

/** A public name: two or more labels, the last of them letters. So no address in any spelling is one. */
const PUBLIC = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

const isPublic = (hostname: string): boolean =>
  PUBLIC.test(hostname) && !PRIVATE.test(hostname) && `https://${hostname}` !== siteOrigin();

/**
 * Reads the URL of a client's document: https on port 443, a public name other than our own, a path, and nothing else. That a name
 * resolves to a private address cannot be seen here: on Convex's cloud a proxy refuses to go there.
 *
 * @returns undefined if it must not be fetched.
 * @see draft-ietf-oauth-client-id-metadata-document, sections 3 and 6.5
 */
export const documentUrl = (clientId: string): URL | undefined => {
  if (clientId.length > 500 || !/^https:\/\/[\x21-\x7e]+$/.test(clientId)) return undefined;
  if (/[?#@\\]|%2e/i.test(clientId) || !URL.canParse(clientId)) return undefined;
  const url = new URL(clientId);
  const isPlain = url.href === clientId && url.port === "" && url.pathname.length > 1;
  return isPlain && isPublic(url.hostname) ? url : undefined;
};
