/** Reads along what an endpoint sends, without changing when it is sent. */
import { createParser } from "eventsource-parser";
import { isObject } from "../../../src/wire/jsonrpc";
import { BATCH_VERSION, LEGACY_VERSIONS, MODERN_VERSION } from "../../../src/mcp/revision/versions";
import { VERSION_KEY } from "../../../src/mcp/revision/meta";
import { faultsOf, type Asked } from "./faults";
import type { Revision } from "./schemas";

type Endpoint<Ctx> = (ctx: Ctx, request: Request) => Promise<Response>;

/** The faults of all that was sent. */
export const faults: string[] = [];

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const revisionOf = (message: unknown, headers: Headers): Revision => {
  const params = isObject(message) && isObject(message.params) ? message.params : {};
  if (isObject(params._meta) && VERSION_KEY in params._meta) return MODERN_VERSION;
  const version = headers.get("mcp-protocol-version") ?? BATCH_VERSION;
  // A client may send it twice.
  return LEGACY_VERSIONS.find((one) => one === version.split(", ")[0]) ?? MODERN_VERSION;
};

/** What each message of a request asks, by its id as JSON. */
const askedIn = (body: unknown, headers: Headers): ((message: unknown) => Asked) => {
  const sent = Array.isArray(body) ? (body as unknown[]) : [body];
  const methods = new Map(
    sent.filter(isObject).map(({ id, method }) => [JSON.stringify(id), method]),
  );
  const revision = revisionOf(sent[0], headers);
  return (message) => {
    const method = methods.get(JSON.stringify(isObject(message) ? message.id : undefined));
    const result = isObject(message) && isObject(message.result) ? message.result : {};
    const negotiated = method === "initialize" ? result.protocolVersion : undefined;
    return {
      method: typeof method === "string" ? method : undefined,
      revision: typeof negotiated === "string" ? (negotiated as Revision) : revision,
    };
  };
};

const checkJson = (text: string, asked: (message: unknown) => Asked): void => {
  const body = parse(text);
  const messages = Array.isArray(body) ? (body as unknown[]) : [body];
  // Routes beside MCP answer with JSON of their own.
  for (const message of messages.filter((one) => isObject(one) && "jsonrpc" in one)) {
    faults.push(...faultsOf(message, asked(message)));
  }
};

/** Passes a stream on and reads along. Unlike `clone()`, it leaves who reads free to stop. */
const readAlong = (read: (text: string) => void) => {
  const decoder = new TextDecoder();
  return new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      read(decoder.decode(chunk, { stream: true }));
      controller.enqueue(chunk);
    },
  });
};

/**
 * Reads along the body of a request, for who reads it as a stream.
 *
 * The request stays the same object: the signal of a copy follows the first one only until the copy is collected.
 *
 * @returns gives what has been read so far.
 */
const overhear = (request: Request): (() => string) => {
  if (request.body === null) return () => "";
  let text = "";
  const body = request.body.pipeThrough(readAlong((part) => (text += part)));
  Object.defineProperty(request, "body", { value: body });
  return () => text;
};

/** Reads the events of a stream. */
const eventReader = (asked: (message: unknown) => Asked) => {
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data !== "") checkJson(data, asked);
    },
  });
  return (text: string) => {
    parser.feed(text);
  };
};

/** The endpoint, with every JSON-RPC message that it sends checked by the schema of its revision. */
export const observed =
  <Ctx>(endpoint: Endpoint<Ctx>): Endpoint<Ctx> =>
  async (ctx, request) => {
    const textSoFar = overhear(request);
    const response = await endpoint(ctx, request);
    const type = response.headers.get("content-type") ?? "";
    if (response.body === null || !/json|event-stream/.test(type)) return response;
    const asked = askedIn(parse(textSoFar()), request.headers);
    if (type.startsWith("text/event-stream")) {
      return new Response(response.body.pipeThrough(readAlong(eventReader(asked))), response);
    }
    checkJson(await response.clone().text(), asked);
    return response;
  };
