/** Reads the address of the endpoint that is published. */
import { holdsSecret } from "../doctor/options";
import { UsageError } from "../operate/run";

const HOW = "Give --url as https://<deployment>.convex.site/mcp";

/**
 * The endpoint, without a slash at its end.
 *
 * @throws UsageError if it is not the https URL of an endpoint. No message quotes it, because it may hold a key.
 */
export const endpointOf = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:") throw new UsageError(HOW);
  if (holdsSecret(url, text))
    throw new UsageError(
      "A key does not belong into the URL: everybody can read what is published",
    );
  if (!/^\/mcp\/?$/.test(url.pathname) || url.search !== "" || url.hash !== "")
    throw new UsageError(`${HOW}: the endpoint is /mcp, without anything behind it`);
  return new URL("/mcp", url);
};
