/** The icon of the app as that of its host: claude.ai and others show the one of the domain. */
import { httpActionGeneric, type HttpRouter } from "convex/server";
import type { Toolgate } from "../../registry/toolgate";
import { isPublicUrl } from "../../registry/icons";
import { safeHeaders } from "../../wire/responses";

const PATH = "/favicon.ico";

/** Routes `/favicon.ico` to the app's first icon, if it has one, and no route of the app's own is there already. */
export const routeFavicon = (http: HttpRouter, { icons: [icon] = [] }: Toolgate): void => {
  if (icon === undefined || !isPublicUrl(icon.src) || http.lookup(PATH, "GET") !== null) return;
  const headers = { ...safeHeaders, "Cache-Control": "public, max-age=3600", Location: icon.src };
  const handler = httpActionGeneric(() =>
    Promise.resolve(new Response(null, { status: 302, headers })),
  );
  http.route({ path: PATH, method: "GET", handler });
};
