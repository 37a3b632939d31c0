/** Where this deployment answers. It is never taken from a request, since a client may send any Host. */

/**
 * Returns the origin of the deployment, such as `https://happy-otter-123.convex.site`: that of TOOLGATE_URL, for a domain of one's
 * own, or else of CONVEX_SITE_URL.
 *
 * @returns undefined if neither is set to a URL.
 */
export const siteOrigin = (): string | undefined => {
  const { TOOLGATE_URL: own = "", CONVEX_SITE_URL: given = "" } = process.env;
  const url = own === "" ? given : own;
  return URL.canParse(url) ? new URL(url).origin : undefined;
};

/** Returns the resource that tokens are good for (RFC 8707): the URL of the MCP endpoint. */
export const resourceOf = (origin: string | undefined): string => `${origin ?? ""}/mcp`;
