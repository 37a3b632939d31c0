/**
 * AbortController as Convex has it: a polyfill, at the version that Convex bundles. What it does not know of listeners it ignores
 * without a word; here that is an error, since code that asks for it relies on it.
 */
import { AbortController, AbortSignal } from "abortcontroller-polyfill/dist/cjs-ponyfill.js";

const add = Reflect.get(AbortSignal.prototype, "addEventListener") as (
  type: string,
  listener: unknown,
  options: unknown,
) => void;

AbortSignal.prototype.addEventListener = function (
  this: AbortSignal,
  type: string,
  listener: unknown,
  options?: unknown,
) {
  if (typeof listener !== "function")
    throw new TypeError("addEventListener: a listener that is an object fails on Convex");
  if (typeof options === "object" && options !== null && "signal" in options)
    throw new TypeError("addEventListener: the option `signal` is ignored on Convex");
  add.call(this, type, listener, options);
};

export { AbortController, AbortSignal };
