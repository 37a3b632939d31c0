/** The icon of the app as that of its host: claude.ai and others show the one of the domain. */
import type { HttpRouter } from "convex/server";
import type { Toolgate } from "../../registry/toolgate";
import { isPublicUrl } from "../../registry/icons";
import { safeHeaders } from "../../wire/responses";

/** Where browsers and directories look for it. */
export const FAVICON = "/favicon.ico";

/** Whether a route of the app's own answers the path. `http.lookup` would sort the routes, which every request would pay for. */
const isRouted = ({ exactRoutes, prefixRoutes }: HttpRouter): boolean => {
  if (exactRoutes.get(FAVICON)?.has("GET") === true) return true;
  for (const prefix of prefixRoutes.get("GET")?.keys() ?? [])
    if (FAVICON.startsWith(prefix)) return true;
  return false;
};

/** Whether the app may have an icon that clients can be told, and no route of its own answers the path. */
export const hasFavicon = (http: HttpRouter, { icons: [icon] = [] }: Toolgate): boolean =>
  icon !== undefined &&
  (icon.src.startsWith("/") || icon.src.startsWith("https:")) &&
  !isRouted(http);

/** Leads to the app's first icon; undefined if it has none that clients can be told. */
export const favicon = ({ icons: [icon] = [] }: Toolgate): Response | undefined => {
  if (icon === undefined || !isPublicUrl(icon.src)) return undefined;
  const headers = { ...safeHeaders, "Cache-Control": "public, max-age=3600", Location: icon.src };
  return new Response(null, { status: 302, headers });
};
