/** What goes wrong with OAuth, each as `startFaultProxy` takes it. */
import { relay, type Fault } from "../../faultProxy";
import { at, both, html, redirectTo, replacing, reply, where, type When } from "./pieces";

const resource = "/.well-known/oauth-protected-resource";

const server = "/.well-known/oauth-authorization-server";

const metadata: When = ({ path }) => path.startsWith(server);

/** The answers of a deployment without OAuth. */
export const withoutOAuth: Fault = async (passage) => {
  if (passage.path.startsWith("/.well-known/")) return notThere(passage);
  const answer = await passage.upstream();
  const challenge = answer.headers["www-authenticate"]?.replace(/, resource_metadata=.*/, "");
  relay(answer, passage.outgoing, { "www-authenticate": challenge });
};

const notThere = reply(404, '{"error":"not_found"}');

export const unnamedMetadata: Fault = async ({ upstream, outgoing }) => {
  relay(await upstream(), outgoing, { "www-authenticate": 'Bearer realm="mcp"' });
};

export const foreignMetadata: Fault = async ({ upstream, outgoing }) => {
  const challenge = `Bearer resource_metadata="https://elsewhere.example${resource}/mcp"`;
  relay(await upstream(), outgoing, { "www-authenticate": challenge });
};

export const noPathForm = where(at(`${resource}/mcp`), notThere);

export const otherResource = replacing(({ path }) => path.startsWith(resource), "/mcp", "/mcp/");

export const otherServer = replacing(
  ({ path }) => path.startsWith(resource),
  /"authorization_servers":\["[^"]*"/,
  '"authorization_servers":["https://elsewhere.example"',
);

export const noRootServer = where(at(server), notThere);

export const otherIssuer = replacing(metadata, /"issuer":"[^"]*/, "$&/");

export const otherEndpoint = replacing(
  metadata,
  /"token_endpoint":"[^"]*"/,
  '"token_endpoint":"https://elsewhere.example/token"',
);

export const noPkce = replacing(metadata, '"S256"', '"plain"');

export const noPublicClients = replacing(metadata, '"none"', '"client_secret_basic"');

export const noIss = replacing(
  metadata,
  '"authorization_response_iss_parameter_supported":true',
  '"x":1',
);

export const htmlAtOpenId = where(at("/.well-known/openid-configuration"), html);

export const ownOpenId = where(
  at("/.well-known/openid-configuration"),
  reply(200, '{"issuer":"https://elsewhere.example"}'),
);

export const refusesRegistration = where(at("/oauth/register"), reply(403, '{"error":"no"}'));

export const registersSecrets = replacing(
  at("/oauth/register"),
  '"token_endpoint_auth_method":"none"',
  '"token_endpoint_auth_method":"client_secret_basic"',
);

export const framable: Fault = async ({ upstream, outgoing }) => {
  relay(await upstream(), outgoing, { "content-security-policy": undefined });
};

export const signInInFront = where(at("/oauth/authorize"), redirectTo("https://sso.example/login"));

export const ownPage = where(
  both(at("/oauth/authorize"), ({ path }) => !path.includes("elsewhere")),
  redirectTo("https://app.example.com/connect?request=x"),
);

export const redirectsAnywhere = where(
  both(at("/oauth/authorize"), ({ path }) => path.includes("elsewhere")),
  redirectTo("https://elsewhere.example/callback?code=x"),
);

export const otherGrantError = replacing(at("/oauth/token"), "invalid_grant", "server_error");
