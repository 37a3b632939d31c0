/** The checks of OAuth's flow, as far as one comes without a person: register, ask for consent, and show a code that is none. */
import type { Check } from "../check";
import type { Deployment } from "../deployment";
import { describe, lacksPepper, typeOf } from "../answer";
import type { Ask, Reply } from "../ask";
import { fail, needed, ok, skip, Verdict, type Finding } from "../finding";
import { endpointIn, endpointOf, objectIn, whereOn } from "../oauth";

const REDIRECT = "http://127.0.0.1:9/callback";
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

const IN_FRONT = "Let the proxy in front pass /oauth/ as it is, or look into the deployment's log.";
const FRAMED =
  "Another page could show it in a frame: let the proxy pass Content-Security-Policy and X-Frame-Options.";
const OPEN =
  "Codes could be sent anywhere: deploy this version, and let nothing in front redirect.";

/** A registration costs the deployment nothing: it stores none. */
const registration: Ask = {
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({
    client_name: "Toolgate doctor",
    redirect_uris: [REDIRECT],
    token_endpoint_auth_method: "none",
  }),
};

/** Registers a client. @throws Verdict */
const register = async (deployment: Deployment): Promise<string> => {
  const reply = await deployment.ask(
    registration,
    await endpointIn(deployment, "registration_endpoint"),
  );
  if (lacksPepper(reply)) throw new Verdict(skip("see pepper"));
  const client = objectIn(reply, 201);
  if (typeof client.client_id !== "string" || client.token_endpoint_auth_method !== "none")
    throw new Verdict(fail(`${describe(reply)}: no public client`, IN_FRONT));
  return client.client_id;
};

const runRegister = async (deployment: Deployment): Promise<Finding> => {
  const id = await register(deployment);
  return ok(`a client id of ${id.length} characters`);
};

/** A client registers itself (RFC 7591). */
export const oauthRegister: Check = { name: "oauth-register", run: whereOn(runRegister) };

const asking = (deployment: Deployment, clientId: string, redirectUri: string): URLSearchParams =>
  new URLSearchParams({
    ...{ response_type: "code", client_id: clientId, redirect_uri: redirectUri },
    ...{ code_challenge: "A".repeat(43), code_challenge_method: "S256", state: "doctor" },
    ...{ resource: endpointOf(deployment), scope: "mcp:read" },
  });

/** The origin of the app's own page for consent, if a reply leads there. */
const ownPage = ({ status, headers }: Reply): string | undefined => {
  const location = headers.get("location") ?? "";
  if (![302, 303].includes(status) || !URL.canParse(location)) return undefined;
  const { origin, searchParams } = new URL(location);
  return searchParams.has("request") && !searchParams.has("error") ? origin : undefined;
};

const isFramable = ({ headers }: Reply): boolean =>
  !(headers.get("content-security-policy") ?? "").includes("frame-ancestors 'none'");

const runAuthorize = async (deployment: Deployment): Promise<Finding> => {
  const clientId = await needed(register(deployment), "oauth-register");
  const page = await endpointIn(deployment, "authorization_endpoint");
  const visit = (redirectUri: string): Promise<Reply> => {
    page.search = asking(deployment, clientId, redirectUri).toString();
    return deployment.ask({ method: "GET", headers: { Accept: "text/html" } }, new URL(page));
  };
  const astray = await visit("https://elsewhere.example/callback");
  if (astray.status !== 400 || astray.headers.has("location"))
    return fail(`a foreign redirect_uri: ${describe(astray)}`, OPEN);
  const reply = await visit(REDIRECT);
  const own = ownPage(reply);
  if (own !== undefined) return ok(`the app's own page, at ${own}`);
  if (reply.status !== 200 || typeOf(reply) !== "text/html") return fail(describe(reply), IN_FRONT);
  return isFramable(reply)
    ? fail("the page may be framed", FRAMED)
    : ok("the consent page, and 400 for a foreign redirect_uri");
};

/** A browser gets the page where a person consents. Nobody does here, so nothing is stored. */
export const oauthAuthorize: Check = { name: "oauth-authorize", run: whereOn(runAuthorize) };

const runToken = async (deployment: Deployment): Promise<Finding> => {
  const client = await needed(register(deployment), "oauth-register");
  const form = new URLSearchParams({
    ...{ grant_type: "authorization_code", code: "cvxmcp_ac_none", client_id: client },
    ...{ redirect_uri: REDIRECT, code_verifier: "A".repeat(43), resource: endpointOf(deployment) },
  });
  const place = await endpointIn(deployment, "token_endpoint");
  const reply = await deployment.ask({ headers: FORM, body: form.toString() }, place);
  const { error } = objectIn(reply, 400);
  if (error !== "invalid_grant") return fail(`${describe(reply)}: ${String(error)}`, IN_FRONT);
  return ok("HTTP 400, invalid_grant for a code that is none");
};

/** A code that was never given is refused in the way that makes clients begin anew. */
export const oauthToken: Check = { name: "oauth-token", run: whereOn(runToken) };
