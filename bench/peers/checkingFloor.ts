/**
 * The least that an endpoint has to do for a call if it trusts nobody, in the hand-written style of the floor: it checks what a
 * stranger may send wrong and calls the tool as two Convex functions, through the stub that Toolgate calls. No keys, no sessions,
 * no streams, no message that helps whoever is refused.
 */
import { makeFunctionReference as functionRef } from "convex/server";
import { structured, type Peer } from "./peer";
import { contextOf, registryOf, type Ctx } from "./stubDatabase";

type Json = Readonly<Record<string, unknown>>;

interface Backend {
  readonly ctx: Ctx;
  readonly tools: ReadonlySet<string>;
}

class Refusal extends Error {
  constructor(readonly status: number) {
    super("refused");
  }
}

const check = (isGood: boolean, status = 400): void => {
  if (!isGood) throw new Refusal(status);
};

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const MAX_BYTES = 1024 * 1024;

/** Counts while reading, since Content-Length is a claim. */
const bytesOf = async (request: Request): Promise<Uint8Array> => {
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    size += part.value.length;
    check(size <= MAX_BYTES, 413);
    chunks.push(part.value);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
};

const MAX_DEPTH = 64;

/** The members of all objects in a value, `__proto__` refused. */
const membersIn = (value: unknown, depth = 0): number => {
  if (typeof value !== "object" || value === null) return 0;
  check(depth < MAX_DEPTH && !Object.hasOwn(value, "__proto__"));
  const members = Object.values(value);
  let count = Array.isArray(value) ? 0 : members.length;
  for (const member of members) count += membersIn(member, depth + 1);
  return count;
};

const [QUOTE, BACKSLASH, COLON] = [34, 92, 58];

/** The members that a JSON text names: its colons outside of strings. */
const namedIn = (text: string): number => {
  let [count, isString] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isString = !isString;
    else if (code === BACKSLASH) at++;
    else if (code === COLON && !isString) count++;
  }
  return count;
};

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Of two members with one name only the last is left, so the text then names more than there are. */
const parse = (bytes: Uint8Array): unknown => {
  try {
    const text = utf8.decode(bytes);
    const value: unknown = JSON.parse(text);
    check(membersIn(value) === namedIn(text));
    return value;
  } catch {
    throw new Refusal(400);
  }
};

const LEGACY = ["2025-11-25", "2025-06-18", "2025-03-26"];
const MODERN = "2026-07-28";
const PREFIX = "io.modelcontextprotocol";

/** Whether it is a request of 2026, whose headers must then say what its body says. Tools have plain names: no header is encoded. */
const isModern = (method: string, params: Json, headers: Headers): boolean => {
  const version = headers.get("mcp-protocol-version");
  const meta = isObject(params._meta) ? params._meta : {};
  if (!Object.hasOwn(meta, `${PREFIX}/protocolVersion`)) {
    check(version === null || LEGACY.includes(version));
    return false;
  }
  check(meta[`${PREFIX}/protocolVersion`] === MODERN && version === MODERN);
  check(isObject(meta[`${PREFIX}/clientCapabilities`]));
  check(headers.get("mcp-method") === method);
  check(method !== "tools/call" || headers.get("mcp-name") === params.name);
  return true;
};

const admit = functionRef<"query">("toolgate/gate:admit");
const read = functionRef<"query">("toolgate/reading:read");
const list = functionRef<"query">("toolgate/catalog:list");

const leave = async ({ runMutation }: Ctx, call: Json): Promise<Json> => {
  const { context } = (await runMutation(admit, { evidence: {}, call })) as Json;
  const { principal } = context as Json;
  if (!isObject(principal)) throw new Refusal(403);
  return principal;
};

const callTool = async (backend: Backend, { name, arguments: args }: Json) => {
  check(typeof name === "string" && backend.tools.has(name), 404);
  check(isObject(args) && Object.keys(args).length === 2);
  const { a, b } = args as Json;
  check(typeof a === "number" && typeof b === "number");
  const call = { target: { kind: "tool", name }, arguments: JSON.stringify(args) };
  const principal = await leave(backend.ctx, { method: "tools/call", ...call });
  const { result } = (await backend.ctx.runQuery(read, { ...call, principal })) as Json;
  return `"content":[{"type":"text","text":${JSON.stringify(result)}}],"structuredContent":${String(result)}`;
};

const CACHE = '"ttlMs":60000,"cacheScope":"private",';

const listTools = async ({ ctx }: Backend, modern: boolean) => {
  await leave(ctx, { method: "tools/list" });
  const listed = (await ctx.runQuery(list, {})) as { text: string }[];
  return `${modern ? CACHE : ""}"tools":[${listed.map(({ text }) => text).join(",")}]`;
};

const INFO = `,"resultType":"complete","_meta":{"${PREFIX}/serverInfo":{"name":"bench","version":"1"}}`;

const isId = (id: unknown) => typeof id === "string" || Number.isSafeInteger(id);

const answer = async (backend: Backend, message: unknown, headers: Headers): Promise<string> => {
  if (!isObject(message) || message.jsonrpc !== "2.0") throw new Refusal(400);
  const { id, method, params = {} } = message;
  if (!isId(id) || typeof method !== "string" || !isObject(params)) throw new Refusal(400);
  const modern = isModern(method, params, headers);
  check(method === "tools/call" || method === "tools/list", 404);
  const result =
    method === "tools/call" ? await callTool(backend, params) : await listTools(backend, modern);
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{${result}${modern ? INFO : ""}}}`;
};

const SAFE = {
  "content-type": "application/json",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  vary: "Origin",
};

const ORIGINS = ["https://app.example.com"];

const respond = async (backend: Backend, request: Request): Promise<Response> => {
  const { method, headers } = request;
  const origin = headers.get("origin");
  check(origin === null || ORIGINS.includes(origin), 403);
  check(method === "POST", 405);
  const mediaType = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  check(mediaType === "application/json", 415);
  const message = parse(await bytesOf(request));
  return new Response(await answer(backend, message, headers), { headers: SAFE });
};

const BODY = JSON.stringify({ jsonrpc: "2.0", error: { code: -32600, message: "Refused" } });

const refused = (error: unknown): Response =>
  new Response(BODY, { status: error instanceof Refusal ? error.status : 500, headers: SAFE });

export const checkingFloor: Peer = {
  ...{ name: "floor that checks", eras: ["2025", "2026"], answer: structured },
  serve: (names) => {
    const backend = { ctx: contextOf(registryOf(names)), tools: new Set(names) };
    return (request) => respond(backend, request).catch(refused);
  },
};
