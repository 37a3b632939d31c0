/**
 * Requests and responses whose bodies are the polyfill's streams, as on Convex. Node's own take no others, so theirs are put on top.
 *
 * @see https://github.com/get-convex/convex-backend npm-packages/udf-runtime/src/23_request.ts, 23_response.ts
 */
import { ReadableStream } from "web-streams-polyfill";
import { AbortController } from "./abort";

type Body = InstanceType<typeof Response>["body"];
type PolyfillStream = ReadableStream<Uint8Array>;

/** One type to the compiler, two classes at run time. */
const asBody = (stream: PolyfillStream): Body => stream as unknown as Body;

const streamOf = (bytes: () => Promise<ArrayBuffer>): PolyfillStream =>
  new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(new Uint8Array(await bytes()));
      controller.close();
    },
  });

class ConvexResponse extends Response {
  readonly #stream: PolyfillStream | undefined;

  constructor(body?: BodyInit | PolyfillStream | null, init?: ResponseInit) {
    const stream = body instanceof ReadableStream ? body : undefined;
    super(stream === undefined ? (body as BodyInit | null | undefined) : null, init);
    this.#stream = stream;
  }

  override get body(): Body {
    if (this.#stream !== undefined) return asBody(this.#stream);
    return super.body === null ? null : asBody(streamOf(() => super.arrayBuffer()));
  }
}

class ConvexRequest extends Request {
  readonly #signal: AbortSignal;

  constructor(input: string | URL | Request, { signal, ...init }: RequestInit = {}) {
    super(input, init);
    this.#signal = signal ?? new AbortController().signal;
  }

  override get signal(): AbortSignal {
    return this.#signal;
  }

  override get body(): Body {
    return super.body === null ? null : asBody(streamOf(() => super.arrayBuffer()));
  }
}

export { ConvexRequest as Request, ConvexResponse as Response };
