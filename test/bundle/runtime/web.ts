/**
 * Requests and responses as Convex has them: their bodies are the polyfill's streams, a clone of a request has no signal, and most of
 * what describes a request of a browser ends the function.
 *
 * @see https://github.com/get-convex/convex-backend npm-packages/udf-runtime/src/23_request.ts, 23_response.ts
 */
import { ReadableStream } from "web-streams-polyfill/ponyfill";
import { AbortController } from "./abort";
import { Headers, type Init } from "./headers";
import { notImplemented } from "./lacking";

export type Chunks = ReadableStream<Uint8Array>;

/** A text, bytes, or a stream of bytes. */
type Body = string | Uint8Array | Chunks | null;

const streamOf = (body: Body | undefined): Chunks | null => {
  if (body === undefined || body === null) return null;
  if (body instanceof ReadableStream) return body;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
};

const typed = (headers: Headers, body: Body | undefined): Headers => {
  if (typeof body === "string" && !headers.has("content-type"))
    headers.set("content-type", "text/plain;charset=UTF-8");
  return headers;
};

/** What requests and responses have in common. */
class Message {
  readonly headers: Headers;
  #body: Chunks | null;
  #isUsed = false;

  constructor(headers: Headers, body: Body | undefined) {
    this.headers = typed(headers, body);
    this.#body = streamOf(body);
  }

  get body(): Chunks | null {
    return this.#body;
  }

  get bodyUsed(): boolean {
    return this.#isUsed;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    if (this.#isUsed) throw new TypeError("body stream already read");
    this.#isUsed = this.#body !== null;
    const chunks: Uint8Array[] = [];
    const reader = this.#body?.getReader();
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read())
      chunks.push(part.value);
    // A copy, since a small Buffer lies in memory that it shares with others.
    return new Uint8Array(Buffer.concat(chunks)).buffer;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown;
  }

  /** One half of the body; the other stays. */
  protected tee(): Chunks | null {
    if (this.#body === null) return null;
    const [mine, theirs] = this.#body.tee();
    this.#body = mine;
    return theirs;
  }
}

interface ResponseInit {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: Init;
}

class ConvexResponse extends Message {
  readonly status: number;
  readonly statusText: string;

  constructor(body?: Body, { status = 200, statusText = "", headers }: ResponseInit = {}) {
    if (!Number.isInteger(status) || status < 200 || status > 599)
      throw new RangeError("Response: the status is outside the range [200, 599]");
    super(new Headers(headers), body);
    this.status = status;
    this.statusText = statusText;
  }

  static json(data: unknown, init?: ResponseInit): ConvexResponse {
    const response = new ConvexResponse(JSON.stringify(data), init);
    response.headers.set("content-type", "application/json");
    return response;
  }

  get ok(): boolean {
    return this.status < 300;
  }

  clone(): ConvexResponse {
    return new ConvexResponse(this.tee(), this);
  }
}

interface RequestInit {
  readonly method?: string;
  readonly headers?: Init;
  readonly body?: Body;
  readonly signal?: AbortSignal;
}

const MISSING =
  "destination referrer referrerPolicy mode credentials cache redirect integrity keepalive duplex";

class ConvexRequest extends Message {
  readonly url: string;
  readonly method: string;
  readonly signal: AbortSignal;

  constructor(url: string, { method = "GET", headers, body, signal }: RequestInit = {}) {
    if ((method === "GET" || method === "HEAD") && body !== undefined && body !== null)
      throw new TypeError("Request: Request with GET/HEAD method cannot have body.");
    super(new Headers(headers), body);
    this.url = new URL(url).href;
    this.method = method;
    this.signal = signal ?? new AbortController().signal;
  }

  clone(): ConvexRequest {
    const { url, method, headers } = this;
    return new ConvexRequest(url, { method, headers, body: this.tee() });
  }
}

for (const name of MISSING.split(" ")) {
  Object.defineProperty(ConvexRequest.prototype, name, {
    get: () => notImplemented(`get ${name}`, "Request"),
  });
}

export { ConvexRequest as Request, ConvexResponse as Response };
