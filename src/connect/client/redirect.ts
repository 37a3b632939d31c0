/** Where codes may be sent: which redirect URIs are usable at all, and which of them a client has named. */

/** Hosts of the person's own computer (RFC 8252 section 7.3). `localhost` is there because clients use it. */
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** The one address without https that is not on loopback. Cursor catches it. */
export const CURSOR = "cursor://anysphere.cursor-mcp/oauth/callback";

/** No sign of a shell: an operator may be shown the name in a command. */
const PLAIN_HOST = /^[a-z0-9._-]+$/;

/** Whether a URL leads to a program on the computer of the person. */
export const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === "http:" && LOOPBACK.includes(hostname);

/**
 * Reads a redirect URI that may be used: https, http on loopback, or Cursor's own.
 *
 * @returns undefined for any other, also for one with a user, a fragment, or anything that a browser reads in another way than it is
 * written: `..`, a backslash, capitals in the host, a letter outside ASCII, the default port.
 * @see RFC 9700 section 4.1; RFC 8252 section 7.3
 */
export const usableRedirect = (uri: string): URL | undefined => {
  if (uri.length > 1000 || !/^[\x21-\x7e]+$/.test(uri) || !URL.canParse(uri)) return undefined;
  const url = new URL(uri);
  if (uri === CURSOR) return url;
  if (url.username !== "" || url.password !== "" || uri.includes("#")) return undefined;
  if (!isLoopback(url) && (url.protocol !== "https:" || !PLAIN_HOST.test(url.hostname)))
    return undefined;
  return url.href === uri || url.href === `${uri}/` ? url : undefined;
};

/** The most redirect URIs that count of one client. Cursor and VS Code name three and four. */
const MOST_URIS = 10;

/** The usable ones among the redirect URIs that a client names. One that is refused does not refuse the client. */
export const usableRedirects = (uris: readonly unknown[]): string[] =>
  uris
    .filter((uri): uri is string => typeof uri === "string" && usableRedirect(uri) !== undefined)
    .slice(0, MOST_URIS);

const withoutPort = (url: URL): string => `${url.hostname} ${url.pathname}${url.search}`;

/** Whether two are the same. A program on loopback takes the port that is free, so only there the port does not count. */
const matches = (wanted: string, named: string): boolean => {
  if (wanted === named) return true;
  const [a, b] = [usableRedirect(wanted), usableRedirect(named)];
  if (a === undefined || b === undefined) return false;
  return isLoopback(a) && isLoopback(b) && withoutPort(a) === withoutPort(b);
};

/**
 * Chooses the redirect URI of a request.
 *
 * @param wanted - that of the request; undefined if it names none, which is enough for a client that has named a single one.
 * @returns undefined if it is not usable, or the client has not named it.
 */
export const chooseRedirect = (
  wanted: string | undefined,
  named: readonly string[],
): string | undefined => {
  const uri = wanted ?? (named.length === 1 ? named[0] : undefined);
  if (uri === undefined || usableRedirect(uri) === undefined) return undefined;
  return named.some((one) => matches(uri, one)) ? uri : undefined;
};
