/** The checks of origins: a web page may call only if its origin is allowed. */
import { describe } from "../answer";
import type { Ask, Reply } from "../ask";
import type { Check } from "../check";
import { ping } from "../dialect";
import type { Deployment } from "../deployment";
import { fail, ok, type Finding } from "../finding";

/** An origin that nobody can own: the domain can never be registered (RFC 6761). */
const FOREIGN = "https://toolgate-doctor.invalid";

const OPEN =
  "Any web page may call: is `originCheck` first in the chain, and does no proxy add CORS headers?";

const from = (origin: string, request: Ask): Ask => ({
  ...request,
  headers: { ...request.headers, Origin: origin },
});

const preflightFrom = (origin: string): Ask =>
  from(origin, {
    method: "OPTIONS",
    headers: {
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "authorization,content-type",
    },
  });

const allowedOrigin = ({ headers }: Reply): string | null =>
  headers.get("access-control-allow-origin");

/** Checks the answer to a foreign origin, for a request and for its preflight. */
const refused = (reply: Reply): Finding => {
  const allowed = allowedOrigin(reply);
  const seen = describe(reply);
  if (allowed !== null) return fail(`${seen}, Access-Control-Allow-Origin: ${allowed}`, OPEN);
  return reply.status === 403 ? ok("HTTP 403 without CORS headers") : fail(seen, OPEN);
};

/** A request from a foreign origin must be answered 403, without CORS headers. */
export const foreignOrigin: Check = {
  name: "foreign-origin",
  run: async ({ ask }) => refused(await ask(from(FOREIGN, ping))),
};

const lacking = (reply: Reply, origin: string): string | undefined => {
  const headers = (reply.headers.get("access-control-allow-headers") ?? "").toLowerCase();
  if (reply.status >= 300) return describe(reply);
  if (allowedOrigin(reply) !== origin)
    return `Access-Control-Allow-Origin: ${allowedOrigin(reply) ?? "none"}`;
  return headers.includes("authorization") ? undefined : "Authorization is not allowed";
};

const runPreflight = async ({ ask, target: { origin } }: Deployment): Promise<Finding> => {
  const foreign = refused(await ask(preflightFrom(FOREIGN)));
  if (foreign.status !== "ok" || origin === undefined) return foreign;
  const problem = lacking(await ask(preflightFrom(origin)), origin);
  const todo = `npx convex env set TOOLGATE_ALLOWED_ORIGINS ${origin}`;
  if (problem !== undefined) return fail(`${origin}: ${problem}`, todo);
  return ok(`${foreign.seen}; ${origin} is allowed`);
};

/** A preflight from a foreign origin must be answered 403 too. The origin that the user named must be allowed. */
export const preflight: Check = { name: "preflight", run: runPreflight };
