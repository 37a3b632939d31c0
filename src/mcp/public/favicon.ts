/** The icon of the app as that of its host: claude.ai and others show the one of the domain. */
import type { HttpRouter } from "convex/server";
import type { Toolgate } from "../../registry/toolgate";
import { isPublicUrl } from "../../registry/icons";
import { safeHeaders } from "../../wire/responses";

/** Where browsers and directories look for it. */
export const FAVICON = "/favicon.ico";

/** Whether the app has an icon that clients can be told, and no route of its own answers this path. */
export const hasFavicon = (http: HttpRouter, { icons: [icon] = [] }: Toolgate): boolean =>
  icon !== undefined && isPublicUrl(icon.src) && http.lookup(FAVICON, "GET") === null;

/** Leads to the app's first icon; undefined if it has none. */
export const favicon = ({ icons: [icon] = [] }: Toolgate): Response | undefined =>
  icon &&
  new Response(null, {
    status: 302,
    headers: { ...safeHeaders, "Cache-Control": "public, max-age=3600", Location: icon.src },
  });
