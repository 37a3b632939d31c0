/** The two documents by which a client finds its way from the URL of the endpoint to the page where a person consents. */
import { resourceOf } from "../auth/site";
import { json } from "../wire/responses";
import type { Incoming } from "./incoming";
import { prefixOf } from "./options";

/** The grant type of the device flow. */
export const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

/** Where the first document lies. Clients ask for it with the path of the endpoint at its end, and without. */
export const RESOURCE_PATH = "/.well-known/oauth-protected-resource";
export const SERVER_PATH = "/.well-known/oauth-authorization-server";

const answer = (document: object): Promise<Response> =>
  Promise.resolve(json(JSON.stringify(document)));

/**
 * Protected resource metadata (RFC 9728). It names no scopes: then most clients ask for none, and the person decides.
 */
export const resourceMetadata = ({ app, origin }: Incoming): Promise<Response> =>
  answer({
    resource: resourceOf(origin),
    authorization_servers: [origin],
    bearer_methods_supported: ["header"],
    resource_name: app.title ?? app.name,
  });

/**
 * Authorization server metadata (RFC 8414). claude.ai and ChatGPT come by the URL of their own document only if all of `none`, the flag
 * of client documents and that of `iss` (RFC 9207) are there.
 */
export const serverMetadata = ({ options, origin }: Incoming): Promise<Response> => {
  const base = origin + prefixOf(options);
  const device = options.device && {
    device_authorization_endpoint: `${base}/device_authorization`,
  };
  return answer({
    issuer: origin,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    registration_endpoint: `${base}/register`,
    revocation_endpoint: `${base}/revoke`,
    ...device,
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: [
      "authorization_code",
      "refresh_token",
      ...(options.device ? [DEVICE_GRANT] : []),
    ],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["none"],
    revocation_endpoint_auth_methods_supported: ["none"],
    client_id_metadata_document_supported: true,
    authorization_response_iss_parameter_supported: true,
    scopes_supported: ["mcp:read", "mcp:write", "offline_access"],
  });
};
