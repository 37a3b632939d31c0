/** The checks of OAuth's metadata: a client must find from the 401 to the authorization server, by either way. */
import { quoted } from "../../../src/base/text";
import type { Check } from "../check";
import type { Deployment } from "../deployment";
import { describe, typeOf } from "../answer";
import { fail, ok, skip, type Finding } from "../finding";
import {
  documentAt,
  endpointOf,
  namedBy,
  RESOURCE_PATH,
  SERVER_PATH,
  whereOn,
  WRONG_ORIGIN,
} from "../oauth";

const UNNAMED =
  "Clients look there first: `oauth.front` must be outermost in convex/http.ts, and a proxy must pass WWW-Authenticate.";
const VERSION = "Clients go by it: deploy this version, or let the proxy pass the answer.";

/** Both are of one form: a member, what it should be, and what it is. */
const differing = (member: string, should: string, is: unknown): Finding | undefined =>
  is === should
    ? undefined
    : fail(`${member} is ${quoted(JSON.stringify(is ?? null), 120)}, not ${should}`, WRONG_ORIGIN);

const runResource = async (deployment: Deployment): Promise<Finding> => {
  const endpoint = endpointOf(deployment);
  const { origin, pathname } = deployment.target.url;
  const challenge = await deployment.toStranger();
  if (!challenge.headers.has("www-authenticate")) return skip("see challenge");
  const named = namedBy(challenge);
  if (named === undefined) return fail("the 401 names no resource_metadata", UNNAMED);
  const { resource, authorization_servers: servers } = await documentAt(deployment, RESOURCE_PATH);
  const [first] = Array.isArray(servers) ? (servers as unknown[]) : [];
  return (
    differing("resource_metadata", origin + RESOURCE_PATH + pathname, named) ??
    differing("resource", endpoint, resource) ??
    differing("the first of authorization_servers", origin, first) ??
    ok(`${endpoint}, by the 401 and at both places`)
  );
};

/** The 401 names the protected resource metadata (RFC 9728), which lies at two places and names the URL as it is used. */
export const oauthResource: Check = { name: "oauth-resource", run: whereOn(runResource) };

/** What clients look for. Without one of them some refuse, and others fall back to a worse way. */
const needs: readonly (readonly [member: string, value: unknown])[] = [
  ["response_types_supported", "code"],
  ["grant_types_supported", "authorization_code"],
  ["grant_types_supported", "refresh_token"],
  ["code_challenge_methods_supported", "S256"],
  ["token_endpoint_auth_methods_supported", "none"],
  ["authorization_response_iss_parameter_supported", true],
  ["client_id_metadata_document_supported", true],
];

const ENDPOINTS = ["authorization_endpoint", "token_endpoint", "registration_endpoint"];

const runServer = async (deployment: Deployment): Promise<Finding> => {
  const { origin } = deployment.target.url;
  const metadata = await documentAt(deployment, SERVER_PATH);
  const stray = ENDPOINTS.find((name) => !String(metadata[name]).startsWith(`${origin}/`));
  if (stray !== undefined) return fail(`${stray} is not at ${origin}`, WRONG_ORIGIN);
  const missing = needs.find(([member, value]) => {
    const has = metadata[member];
    return Array.isArray(has) ? !has.includes(value) : has !== value;
  });
  if (missing !== undefined) return fail(`${missing[0]} lacks ${String(missing[1])}`, VERSION);
  return (
    differing("issuer", origin, metadata.issuer) ??
    ok(`issuer ${origin}, with S256, none, iss, client documents`)
  );
};

/** The authorization server metadata (RFC 8414) is of the issuer that the resource names, at both places. */
export const oauthServer: Check = { name: "oauth-server", run: whereOn(runServer) };

const runOpenId = async ({ read }: Deployment): Promise<Finding> => {
  const reply = await read("/.well-known/openid-configuration");
  if (typeOf(reply) !== "application/json" || ![200, 404].includes(reply.status))
    return fail(describe(reply), VERSION);
  return ok(reply.status === 404 ? "HTTP 404 as JSON" : "the app's own");
};

/** Clients also ask for OpenID's metadata. It is the app's own, or there is none. */
export const oauthOpenId: Check = { name: "oauth-openid", run: whereOn(runOpenId) };
