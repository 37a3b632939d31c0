/**
 * `POST /_local/run`: what `npx convex run` is to a deployment. It runs internal functions, so it exists on the local server only:
 * for callers on this machine, by a name of this machine, who know the token of this start, and never for a web page.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readJson } from "../src/wire/body";
import { isObject, RpcError } from "../src/wire/jsonrpc";
import { safeHeaders } from "../src/wire/responses";
import type { Backend, Peer } from "./backend";
import { isLoopbackAddress, isLoopbackHeader } from "../cli/loopback";
import { Refusal } from "./refusal";

export const ADMIN_PATH = "/_local/run";

/** A token for one start of the server. */
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

/** In constant time: hashes have the same length, whatever was sent. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));

/** The reason to turn a caller away, if there is one. */
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
  const body = await readJson(request);
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

/** Answers everything under `/_local/`. Values are in Convex's JSON encoding, as with `npx convex run`. */
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
