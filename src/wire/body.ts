/** Reads a request body. It must arrive in time, stay under the size limit, have a JSON media type, and be strict UTF-8 and strict JSON. */
import { sleepUnless } from "../base/sleep";
import { ErrorCode, RpcError } from "./jsonrpc";
import { isJson } from "./mediaTypes";
import { readingsOf } from "./repeats";
import { parseStrictJson } from "./strictJson";
import { decodeUtf8 } from "./utf8";

/** The largest body that is read, in bytes. Convex itself has no limit below the memory of the isolate (64 MiB). */
const MAX_BODY_BYTES = 1024 * 1024;

/** The longest silence while a body arrives, in milliseconds. */
const SILENCE_MS = 10_000;

/** The time for a whole body, in milliseconds. Each 32 KiB that has arrived adds a second. */
const WHOLE_MS = 20_000;
const BYTES_PER_MS = (32 * 1024) / 1000;

/** The time that a reader gets to cancel its body, in milliseconds. An answer must not hang on it. */
const CANCEL_MS = 100;

const tooLarge = (limit: number) =>
  new RpcError(413, `The body is larger than ${String(limit)} bytes`, { status: 413 });

const tooSlow = () => new RpcError(408, "The body did not arrive in time", { status: 408 });

const brokenOff = () =>
  new RpcError(ErrorCode.ParseError, "Parse error: the body broke off", { status: 400 });

const concat = (chunks: readonly Uint8Array[], size: number): Uint8Array => {
  if (chunks.length === 1 && chunks[0] !== undefined) return chunks[0];
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
};

/** A body that is on its way. */
interface Arriving {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly startedAt: number;
  readonly chunks: Uint8Array[];
  size: number;
  /** The last sign of life, in milliseconds since 1970. */
  heardAt: number;
  timer?: ReturnType<typeof setTimeout>;
  /** Set once the body is late: settles when its source has been told. */
  late?: Promise<void>;
}

const cancel = ({ reader }: Arriving): Promise<void> => reader.cancel().catch(() => undefined);

/** Reads to the end. Bytes are counted as they arrive: Content-Length is only a claim, and a chunked body has none. */
const readAll = async (body: Arriving, limit: number): Promise<Uint8Array> => {
  for (;;) {
    const part = await body.reader.read();
    if (body.late !== undefined) throw tooSlow();
    if (part.value === undefined) return concat(body.chunks, body.size);
    body.size += part.value.byteLength;
    if (body.size > limit) throw tooLarge(limit);
    body.chunks.push(part.value);
    body.heardAt = Date.now();
  }
};

/**
 * Cancels a body once it is late: a read that waits for it then ends at once, whatever its source does (Streams, section 4.9.1,
 * ReadableStreamCancel). One timer sees to all of it, since most bodies arrive before it has ever rung.
 */
const endWhenLate = (body: Arriving): void => {
  const whole = body.startedAt + WHOLE_MS + body.size / BYTES_PER_MS;
  const left = Math.min(body.heardAt + SILENCE_MS, whole) - Date.now();
  // A clock that was set back leaves more than a timer can wait, and would make it ring at once, again and again.
  if (left > 0) body.timer = setTimeout(endWhenLate, Math.min(left, SILENCE_MS), body);
  else body.late = cancel(body);
};

/**
 * Reads the body of a POST. A client that sends it slowly would hold one of Convex's slots for actions, so it has a deadline.
 *
 * @param limit - the most bytes; 1 MiB unless stated.
 * @throws RpcError 413 over the limit; 408 after 10 s without a byte, or after 20 s and a second for each 32 KiB that has arrived; -32700
 * (HTTP 400) if the body breaks off.
 */
export const readBody = async (
  request: Request,
  limit: number = MAX_BODY_BYTES,
): Promise<Uint8Array> => {
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge(limit);
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const now = Date.now();
  const body: Arriving = { reader, startedAt: now, chunks: [], size: 0, heardAt: now };
  endWhenLate(body);
  try {
    return await readAll(body, limit);
  } catch (error) {
    await sleepUnless(CANCEL_MS, body.late ?? cancel(body));
    throw error instanceof RpcError ? error : brokenOff();
  } finally {
    clearTimeout(body.timer);
  }
};

/** The text may begin with a byte order mark, which the JSON parser refuses (RFC 8259 section 8.1). */
const decode = (bytes: Uint8Array): string => {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    throw new RpcError(ErrorCode.ParseError, "Parse error: the body is not valid UTF-8", {
      status: 400,
    });
  }
  return text;
};

/**
 * Parses a body.
 *
 * @returns the parsed JSON value.
 * @throws RpcError 415 for another media type than JSON or any Content-Encoding but `identity`; -32700 (HTTP 400) if the body is not
 * valid UTF-8 or JSON, or is JSON that parsers read in different ways (see strictJson.ts).
 */
export const readJson = (headers: Headers, bytes: Uint8Array): unknown => {
  if (!readingsOf(headers.get("content-type") ?? "").some(isJson)) {
    throw new RpcError(415, "Content-Type must be application/json", {
      status: 415,
      headers: { Accept: "application/json" },
    });
  }
  const encodings = (headers.get("content-encoding") ?? "identity").toLowerCase().split(",");
  if (encodings.some((encoding) => encoding.trim() !== "identity")) {
    throw new RpcError(415, "Content-Encoding is not supported", {
      status: 415,
      headers: { "Accept-Encoding": "identity" },
    });
  }
  const parsed = parseStrictJson(decode(bytes));
  if ("flaw" in parsed) {
    throw new RpcError(ErrorCode.ParseError, `Parse error: ${parsed.flaw}`, { status: 400 });
  }
  return parsed.value;
};
