/**
 * Text encoding as Convex has it. What differs from Node's: a fatal decoder returns undefined instead of throwing, the last call
 * without bytes flushes nothing, and `atob` takes more padding than it should.
 *
 * @see https://github.com/get-convex/convex-backend npm-packages/udf-runtime/src/08_text_encoding.ts, crates/isolate/src/ops/text.rs
 */
const utf8 = new TextEncoder();

class ConvexTextEncoder {
  readonly encoding = "utf-8";

  encode(text: string | { toString(): string } = ""): Uint8Array {
    // It throws for null.
    return utf8.encode(typeof text === "string" ? text : text.toString());
  }

  encodeInto(text: string, into: Uint8Array) {
    return utf8.encodeInto(text, into);
  }
}

class ConvexTextDecoder {
  readonly #decoder: TextDecoder;

  constructor(label = "utf-8", options: TextDecoderOptions = {}) {
    try {
      this.#decoder = new TextDecoder(label, options);
    } catch (error) {
      throw new DOMException((error as Error).message, "RangeError");
    }
  }

  get encoding(): string {
    return this.#decoder.encoding;
  }

  get fatal(): boolean {
    return this.#decoder.fatal;
  }

  get ignoreBOM(): boolean {
    return this.#decoder.ignoreBOM;
  }

  decode(bytes?: Uint8Array | ArrayBuffer, options?: TextDecodeOptions): string | undefined {
    if (bytes === undefined) return "";
    try {
      return this.#decoder.decode(bytes, options);
    } catch {
      return undefined;
    }
  }
}

const convexAtob = (text: unknown): string => atob(String(text).replace(/=+\s*$/, ""));

export { convexAtob as atob, ConvexTextDecoder as TextDecoder, ConvexTextEncoder as TextEncoder };
