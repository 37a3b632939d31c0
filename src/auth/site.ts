/** Where this deployment answers. It is never taken from a request, since a client may send any Host. */

/** What TOOLGATE_URL must be, for the operator. */
export const URL_HELP = "TOOLGATE_URL must be an origin such as https://mcp.example.com";

/**
 * Returns the origin of the deployment, such as `https://happy-otter-123.convex.site`: that of TOOLGATE_URL, for a domain of one's
 * own, or else of CONVEX_SITE_URL.
 *
 * @returns undefined if the one that counts is no URL of http. `mcp.example.com:8443` is a URL too, but of the scheme `mcp.example.com`.
 */
export const siteOrigin = (): string | undefined => {
  const { TOOLGATE_URL: own = "", CONVEX_SITE_URL: given = "" } = process.env;
  const url = own === "" ? given : own;
  return /^https?:/i.test(url) && URL.canParse(url) ? new URL(url).origin : undefined;
};

/** Returns the resource that tokens are good for (RFC 8707): the URL of the MCP endpoint. */
export const resourceOf = (origin: string | undefined): string => `${origin ?? ""}/mcp`;
