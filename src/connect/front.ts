/** The middleware in front of `/mcp`: it shows clients the way to OAuth, and people what this URL is. */
import { siteOrigin } from "../auth/site";
import type { Middleware } from "../middleware/guard";
import { asksFor } from "../wire/mediaTypes";
import { RESOURCE_PATH } from "./metadata";

/** Who opens the URL in a browser asks for HTML by name. Clients ask for JSON, a stream or anything, and some take a 200 for metadata. */
const isVisit = ({ method, headers }: Request): boolean =>
  (method === "GET" || method === "HEAD") &&
  !headers.has("authorization") &&
  !headers.has("origin") &&
  !asksFor(headers, "application/json") &&
  !asksFor(headers, "text/event-stream");

/** A page for people, in HTML or in plain text. */
export interface Visits {
  readonly page: (origin: string) => Response;
  readonly text: (origin: string) => Response;
}

const visitReply = (request: Request, visits: Visits): Response | undefined => {
  const { headers } = request;
  const origin = isVisit(request) ? siteOrigin() : undefined;
  if (origin === undefined) return undefined;
  if (asksFor(headers, "text/html")) return visits.page(origin);
  return asksFor(headers, "text/plain") || asksFor(headers, "text/markdown")
    ? visits.text(origin)
    : undefined;
};

/** Adds where the metadata lies to the challenge of a 401 (RFC 9728 section 5.1). This is the one place that does. */
const withMetadata = (response: Response): Response => {
  if (response.status !== 401) return response;
  const challenge = response.headers.get("www-authenticate");
  const origin = siteOrigin();
  if (challenge !== null && origin !== undefined)
    response.headers.set(
      "WWW-Authenticate",
      `${challenge}, resource_metadata="${origin}${RESOURCE_PATH}/mcp"`,
    );
  return response;
};

/** Stands outermost in the chain. It has an HTTP half only and asks nothing of Convex. */
export const front =
  (visits: Visits): Middleware<object> =>
  async (_ctx, request, next) => {
    const reply = visitReply(request, visits);
    if (reply === undefined) return withMetadata(await next({}));
    reply.headers.append("Vary", "Accept");
    const { status, headers } = reply;
    return request.method === "HEAD" ? new Response(null, { status, headers }) : reply;
  };
