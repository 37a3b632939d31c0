/** `POST /oauth/register`: dynamic registration (RFC 7591). Nothing is stored: the client id is the registration, signed. */
import { isObject } from "../wire/jsonrpc";
import { json } from "../wire/responses";
import { parseStrictJson } from "../wire/strictJson";
import { usableRedirects } from "./client/redirect";
import { sealRegistration } from "./client/registered";
import { checkPeppers, type Incoming } from "./incoming";
import { DEVICE_GRANT } from "./metadata";
import { readText } from "./parameters";
import { Problem } from "./problem";

const readMetadata = async (request: Request): Promise<Readonly<Record<string, unknown>>> => {
  const parsed = parseStrictJson(await readText(request, "application/json"));
  if (!("flaw" in parsed) && isObject(parsed.value)) return parsed.value;
  const why = "flaw" in parsed ? parsed.flaw : "expected an object";
  throw new Problem("invalid_client_metadata", `The body is not valid: ${why}`);
};

/** A device has no redirect, so it may register without one. */
const isDevice = ({ options }: Incoming, grantTypes: unknown): boolean =>
  options.device === true && Array.isArray(grantTypes) && grantTypes.includes(DEVICE_GRANT);

const redirectsIn = (
  incoming: Incoming,
  { redirect_uris: uris, grant_types: grantTypes }: Readonly<Record<string, unknown>>,
): readonly string[] => {
  const usable = Array.isArray(uris) ? usableRedirects(uris) : [];
  if (usable.length > 0 || (isDevice(incoming, grantTypes) && uris === undefined)) return usable;
  throw new Problem(
    "invalid_redirect_uri",
    "redirect_uris must name an https URL, or an http URL of localhost, 127.0.0.1 or [::1], without user and fragment",
  );
};

/**
 * Registers a client. Redirect URIs that cannot be used are left out; one is enough. Whatever authentication the client asks for, it gets
 * `none` and no secret (RFC 7591 section 3.2.1).
 */
export const register = async (incoming: Incoming): Promise<Response> => {
  const { request, peppers, options } = incoming;
  checkPeppers(incoming);
  const metadata = await readMetadata(request);
  const { client_name: asked } = metadata;
  const redirectUris = redirectsIn(incoming, metadata);
  const clientId = await sealRegistration(peppers, { name: asked, redirectUris });
  const name = typeof asked === "string" ? { client_name: asked } : {};
  const body = {
    ...{ client_id: clientId, client_id_issued_at: Math.floor(Date.now() / 1000), ...name },
    ...(redirectUris.length > 0 && { redirect_uris: redirectUris }),
    token_endpoint_auth_method: "none",
    grant_types:
      redirectUris.length > 0
        ? ["authorization_code", "refresh_token", ...(options.device ? [DEVICE_GRANT] : [])]
        : [DEVICE_GRANT],
    response_types: redirectUris.length > 0 ? ["code"] : [],
  };
  return json(JSON.stringify(body), 201);
};
