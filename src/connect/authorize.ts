/** `GET /oauth/authorize`: a client sends a person here, to consent (RFC 6749 section 4.1.1). */
import { redirectTo, sealAuthorization, type Asked } from "../auth/authorization";
import { isLongerThan } from "../base/text";
import { empty } from "../wire/responses";
import { accessOf, checkResource } from "./asked";
import { identify } from "./client/identify";
import { checkPeppers, type Incoming } from "./incoming";
import { parametersOf, type Parameters } from "./parameters";
import { describable, Problem } from "./problem";
import { seeOther } from "./seeOther";
import { showConsent, viewOf } from "./views";

/** The longest `state`, in bytes. It travels in the form, which has a limit. */
const MAX_STATE = 4096;

/** What a person reads of a client that is not known or may not connect. */
const TEXTS = {
  unknown_client: "unknownClient",
  untrusted: "untrusted",
  no_document: "noDocument",
  bad_redirect: "badRedirect",
  busy: "manyClients",
} as const;

type Way = Pick<Asked, "client" | "redirectUri">;

/** Finds out who asks and where the answer may go. Until both are certain, errors are shown to the person and go nowhere. */
const wayOf = async (incoming: Incoming, parameters: Parameters): Promise<Way> => {
  const clientId = parameters.need("client_id");
  const found = await identify(incoming, clientId, parameters.get("redirect_uri"));
  if (!("problem" in found)) return found;
  const { kind, message, host = "", hint: command } = found.problem;
  const told = { text: TEXTS[kind], values: { host } };
  throw new Problem("invalid_client", message, { told, ...(command !== undefined && { command }) });
};

const checkKind = (parameters: Parameters): void => {
  for (const name of ["request", "request_uri"] as const)
    if (parameters.get(name) !== undefined)
      throw new Problem(`${name}_not_supported`, `The parameter ${name} is not supported`);
  if (parameters.need("response_type") !== "code")
    throw new Problem("unsupported_response_type", "response_type must be code");
  if ((parameters.get("response_mode") ?? "query") !== "query")
    throw new Problem("invalid_request", "response_mode must be query");
  if (parameters.get("prompt") === "none")
    throw new Problem("interaction_required", "A person has to consent");
};

/** The challenge (RFC 7636 section 4.3). Without a method `plain` would be meant, which proves nothing. */
const challengeIn = (parameters: Parameters): string => {
  const challenge = parameters.need("code_challenge");
  if (parameters.get("code_challenge_method") !== "S256")
    throw new Problem("invalid_request", "code_challenge_method must be S256");
  if (!/^[\w-]{43}$/.test(challenge))
    throw new Problem("invalid_request", "code_challenge must be 43 characters of base64url");
  return challenge;
};

/** @throws Problem, which goes to the client. */
const askedIn = (incoming: Incoming, parameters: Parameters, way: Way): Asked => {
  checkKind(parameters);
  const challenge = challengeIn(parameters);
  checkResource(incoming, parameters.get("resource"));
  const access = accessOf(parameters.get("scope"));
  const state = parameters.get("state");
  return { ...way, challenge, access, ...(state !== undefined && { state }) };
};

/** The client's `state`; undefined if it is absent, or cannot be carried. */
const stateIn = (parameters: Parameters): string | undefined => {
  const [state = "", ...more] = parameters.all("state");
  return more.length > 0 || state === "" || isLongerThan(state, MAX_STATE) ? undefined : state;
};

/** Tells the client what is wrong, by way of the browser. */
const tellClient = (way: Way, parameters: Parameters, error: unknown): Response => {
  if (!(error instanceof Problem)) throw error;
  const state = stateIn(parameters);
  const result = { error: error.code, error_description: describable(error.message) };
  return seeOther(redirectTo({ ...way, state }, result));
};

/** Shows the page, or hands over to the page of the app. Nothing is stored, so the same link may be opened many times. */
const proceed = async (incoming: Incoming, asked: Asked): Promise<Response> => {
  const { options, peppers } = incoming;
  const request = await sealAuthorization(peppers, asked);
  if (options.consentPage === undefined) return showConsent(incoming, viewOf(asked, request));
  const url = new URL(options.consentPage);
  url.searchParams.set("request", request);
  return seeOther(url.href);
};

/**
 * Checks a request and shows the page. An error goes to the client only after client and redirect URI are certain.
 *
 * It calls nothing in Convex, unless the client is known by a document that is not pinned: see `identify`. That goes for HEAD too: it
 * looks nothing up.
 */
export const authorize = async (incoming: Incoming): Promise<Response> => {
  checkPeppers(incoming);
  if (incoming.request.method === "HEAD") return empty(200);
  const parameters = parametersOf(incoming.url.searchParams);
  const way = await wayOf(incoming, parameters);
  let asked: Asked;
  try {
    asked = askedIn(incoming, parameters, way);
    if (isLongerThan(asked.state ?? "", MAX_STATE))
      throw new Problem("invalid_request", `state must have at most ${String(MAX_STATE)} bytes`);
  } catch (error) {
    return tellClient(way, parameters, error);
  }
  return proceed(incoming, asked);
};
