/**
 * `POST /_local/run` does for the local server what `npx convex run` does for a deployment: it runs internal functions.
 *
 * So it answers only requests that come from this machine, name this machine as their Host, and carry the token of this start. It
 * refuses web pages.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readBody, readJson } from "../src/wire/body";
import { isObject, RpcError } from "../src/wire/jsonrpc";
import { safeHeaders } from "../src/wire/responses";
import type { Backend, Peer } from "./backend";
import { isLoopbackAddress, isLoopbackHeader } from "../cli/loopback";
import { Refusal } from "./refusal";

/** The path of the route. */
export const ADMIN_PATH = "/_local/run";

/** Makes a random token for one start of the server: 256 bits, base64url. */
export const newToken = (): string => randomBytes(32).toString("base64url");

const reply = (body: object, status = 200, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers: { ...safeHeaders, ...headers } });

const refuse = (
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Response => reply({ error: { code, message } }, status, headers);

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Compares in constant time. It compares hashes, which have the same length for any texts. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));

/** Returns the refusal of a request; undefined if it may go on. */
const turnAway = (request: Request, { ip }: Peer, token: string): Response | undefined => {
  const { headers, method } = request;
  const isLocal = isLoopbackAddress(ip) && isLoopbackHeader(headers.get("host"));
  if (!isLocal || headers.has("origin")) return refuse(403, "forbidden", "Only from this machine");
  if (new URL(request.url).pathname !== ADMIN_PATH) return refuse(404, "not_found", "Not found");
  if (method !== "POST") return refuse(405, "method_not_allowed", "Use POST", { Allow: "POST" });
  if (isSame(headers.get("authorization") ?? "", `Bearer ${token}`)) return undefined;
  const challenge = { "WWW-Authenticate": "Bearer" };
  return refuse(401, "unauthorized", "The token of this start is needed", challenge);
};

const malformed = () =>
  new Refusal("malformed", 'Send {"function":"toolgate/admin:listKeys","args":{}} as JSON');

const readCall = async (request: Request): Promise<{ name: string; args: object }> => {
  const body = readJson(request.headers, await readBody(request));
  if (!isObject(body)) throw malformed();
  const { function: name, args = {}, ...rest } = body;
  if (typeof name !== "string" || !isObject(args) || Object.keys(rest).length > 0)
    throw malformed();
  return { name, args };
};

const failure = (error: unknown): Response => {
  if (error instanceof Refusal) return refuse(400, error.code, error.message);
  if (error instanceof RpcError) return refuse(400, "malformed", error.message);
  console.error("toolgate: a function failed", error);
  return refuse(500, "internal", "The function failed; the server's log says why");
};

/**
 * Makes the function that answers all requests under `/_local/`. It returns `{ value }`, or `{ error: { code, message } }` with an HTTP
 * status from 400. Values are in Convex's JSON encoding, as with `npx convex run`.
 *
 * @param token - of this start.
 */
export const adminRoute =
  (run: Backend["run"], token: string) =>
  async (request: Request, peer: Peer): Promise<Response> => {
    const refusal = turnAway(request, peer, token);
    if (refusal !== undefined) return refusal;
    try {
      const { name, args } = await readCall(request);
      return reply({ value: await run(name, args, peer) });
    } catch (error) {
      return failure(error);
    }
  };
