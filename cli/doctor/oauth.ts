/** Reads what the deployment says of OAuth, as clients read it on their way from the URL to a token. */
import { quoted } from "../../src/base/text";
import { isObject, type Params } from "../../src/wire/jsonrpc";
import { describe, typeOf } from "./answer";
import type { Reply } from "./ask";
import type { Deployment } from "./deployment";
import { fail, needed, ok, skip, Verdict, type Finding } from "./finding";

export const RESOURCE_PATH = "/.well-known/oauth-protected-resource";
export const SERVER_PATH = "/.well-known/oauth-authorization-server";

/** The advice if an address in the metadata is not the one that clients use. */
export const WRONG_ORIGIN =
  "Clients compare it letter by letter: set TOOLGATE_URL to the origin that they use (npx convex env set), or give the doctor that URL.";

const IN_FRONT = "Let the proxy in front pass /.well-known/ and /oauth/ as they are.";

/** The URL of the endpoint as clients write it: without a query. */
export const endpointOf = ({ target: { url } }: Deployment): string => url.origin + url.pathname;

/** The `resource_metadata` of the challenge; undefined if it has none. */
export const namedBy = (challenge: Reply): string | undefined =>
  /\bresource_metadata="([^"]*)"/.exec(challenge.headers.get("www-authenticate") ?? "")?.[1];

/** Whether the deployment offers no OAuth at all. */
const isOff = (challenge: Reply, resource: Reply): boolean =>
  namedBy(challenge) === undefined && resource.status === 404;

/** Each fault is reported once. @throws Verdict `skip` if the check `well-known` reports it. */
const readable = (reply: Reply): Reply => {
  if (typeOf(reply) === "application/json") return reply;
  throw new Verdict(skip("see well-known"));
};

/** A JSON object out of an answer. @throws Verdict `fail` */
export const objectIn = (reply: Reply, status = 200): Params => {
  if (reply.status !== status || typeOf(reply) !== "application/json")
    throw new Verdict(fail(describe(reply), IN_FRONT));
  try {
    const body: unknown = JSON.parse(reply.text);
    if (isObject(body)) return body;
  } catch {
    // Said below.
  }
  throw new Verdict(fail(`no JSON object: ${quoted(reply.text, 80)}`, IN_FRONT));
};

/**
 * Runs a check of OAuth.
 *
 * @returns `ok` where OAuth is off.
 */
export const whereOn =
  (run: (deployment: Deployment) => Promise<Finding>) =>
  async (deployment: Deployment): Promise<Finding> => {
    const replies = Promise.all([deployment.toStranger(), deployment.read(RESOURCE_PATH)]);
    const [challenge, resource] = await needed(replies, "well-known");
    return isOff(challenge, readable(resource)) ? ok("OAuth is off") : run(deployment);
  };

/** A document of which clients ask for two places, and which must be the same at both. @throws Verdict `fail` */
export const documentAt = async (deployment: Deployment, path: string): Promise<Params> => {
  const { pathname } = deployment.target.url;
  const places = [path + pathname, path];
  const [first = {}, second = {}] = await Promise.all(
    places.map(async (place) => objectIn(await deployment.read(place))),
  );
  if (JSON.stringify(first) === JSON.stringify(second)) return first;
  throw new Verdict(fail(`${places.join(" and ")} differ`, IN_FRONT));
};

/** The metadata of the authorization server, for checks that need an address out of it. @throws Verdict `skip` if it is not sound */
export const endpointIn = async (deployment: Deployment, name: string): Promise<URL> => {
  const metadata = await needed(documentAt(deployment, SERVER_PATH), "oauth-server");
  const address = String(metadata[name]);
  // Nothing is sent to another server than the one that was named.
  if (URL.canParse(address) && new URL(address).origin === deployment.target.url.origin)
    return new URL(address);
  throw new Verdict(skip("see oauth-server"));
};
