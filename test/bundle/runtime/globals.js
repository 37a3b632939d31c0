/**
 * What Convex's JavaScript runtime offers beside ECMAScript itself, and what it lacks although Node or browsers have it.
 *
 * @see https://github.com/get-convex/convex-backend npm-packages/udf-runtime/src/setup.ts, as of commit 94a42c3
 */

const words = (/** @type {string} */ text) => text.trim().split(/\s+/);

/** Node has these too. `process` is not among them: Convex has nothing of it but `env`. */
export const present = words(`
  URL URLSearchParams Headers Request Response FormData Blob File fetch
  crypto performance console structuredClone atob btoa WebAssembly
  AbortController AbortSignal DOMException Event EventTarget
  setTimeout setInterval clearTimeout clearInterval
  ReadableStream ReadableStreamBYOBReader ReadableStreamDefaultReader
  TransformStream WritableStream WritableStreamDefaultWriter
  TextEncoder TextDecoder TextEncoderStream TextDecoderStream
`);

export const missing = words(`
  Buffer global require module __dirname __filename
  queueMicrotask setImmediate clearImmediate URLPattern navigator location
  MessageChannel MessagePort BroadcastChannel WebSocket EventSource Worker
  CompressionStream DecompressionStream
  CountQueuingStrategy ByteLengthQueuingStrategy
`);

/** There in name only: what they refer to is never freed. */
export const stubs = words(`WeakRef FinalizationRegistry`);
