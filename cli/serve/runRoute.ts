/** Answers requests that run a function of the app: `{ "function": "admin:listKeys", "args": {} }`. Who may ask is not checked here. */
import { readBody, readJson } from "../../src/wire/body";
import { isObject, RpcError } from "../../src/wire/jsonrpc";
import { safeHeaders } from "../../src/wire/responses";
import { Refusal } from "./refusal";

/** An answer in JSON that is not kept. */
export const reply = (body: object, status = 200, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers: { ...safeHeaders, ...headers } });

/** The answer to a request that is refused. */
export const refuse = (
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Response => reply({ error: { code, message } }, status, headers);

const malformed = () =>
  new Refusal("malformed", 'Send {"function":"admin:listKeys","args":{}} as JSON');

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
 * Runs the function that a request names.
 *
 * @param run - throws Refusal for what is not the server's fault.
 * @returns `{ value }`, or `{ error: { code, message } }` with an HTTP status from 400. Values are in Convex's JSON encoding, as with
 * `npx convex run`.
 */
export const answerRun = async (
  request: Request,
  run: (name: string, args: object) => Promise<unknown>,
): Promise<Response> => {
  try {
    const { name, args } = await readCall(request);
    return reply({ value: await run(name, args) });
  } catch (error) {
    return failure(error);
  }
};
