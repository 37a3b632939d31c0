/** Who may ask the console: the page that it has served, in a browser on this machine, with the token of this start. */
import type { MiddlewareHandler } from "hono";
import { isLoopbackAddress, isLoopbackHeader } from "../loopback";
import type { Peer } from "../serve/listen";
import { refuse } from "../serve/runRoute";
import { hasToken } from "../serve/token";

/** What Hono knows of each request. */
export interface Env {
  readonly Bindings: Peer;
}

/** Refuses requests from elsewhere, and those that another name leads here: a page that rebinds its DNS name to loopback sends that name. */
export const onlyThisMachine: MiddlewareHandler<Env> = async ({ env, req }, next) => {
  const isLocal = isLoopbackAddress(env.ip) && isLoopbackHeader(req.header("host") ?? null);
  return isLocal ? next() : refuse(403, "forbidden", "Only from this machine");
};

/** Refuses what another page of the browser sends. A browser says so by itself; a program has no such header. */
export const onlyOwnPage: MiddlewareHandler<Env> = async ({ req }, next) => {
  const own = `http://${req.header("host") ?? ""}`;
  const isOwn =
    (req.header("origin") ?? own) === own &&
    (req.header("sec-fetch-site") ?? "same-origin") === "same-origin";
  return isOwn ? next() : refuse(403, "forbidden", "Only from the console's own page");
};

/** Refuses requests without the token. */
export const onlyWithToken =
  (token: string): MiddlewareHandler<Env> =>
  async ({ req }, next) =>
    hasToken(req.raw, token)
      ? next()
      : refuse(401, "unauthorized", "The token of this start is needed", {
          "WWW-Authenticate": "Bearer",
        });
