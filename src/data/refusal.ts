/**
 * Why a call is refused, as data: one arm for each refusal that reads differently on the wire. A guard returns it and the admission
 * writes it to the audit log. Only mcp/refused.ts turns it into an answer.
 */
import type { Stop } from "./values";
import type { Fault, Target } from "./call";

/** A refusal. `kind` selects the answer; `message` and `problems` are shown to the client; `reason` goes to the audit log only. */
export type Refusal =
  | Fault
  /** The key is unknown, wrong, or no longer valid. The client is never told which. */
  | {
      readonly kind: "invalid_key";
      readonly reason: string;
      /** The id of the claimed key, if that key exists. */
      readonly keyId?: string | undefined;
    }
  | {
      readonly kind: "rate_limit";
      readonly policy: "key" | "tenant";
      readonly message: string;
      /** Seconds. */
      readonly retryAfter: number;
      /** The value of the `RateLimit-Policy` header. */
      readonly policies: string;
    }
  | {
      readonly kind: "stream_limit";
      readonly message: string;
      /** Seconds. */
      readonly retryAfter: number;
    }
  /** The call names an entry that does not exist or that the caller may not use. Both read the same, so names cannot be probed. */
  | { readonly kind: "unknown"; readonly reason: string; readonly target: Target }
  /** The caller's key does not allow these arguments. `problems` has a sentence for each. */
  | { readonly kind: "constraint"; readonly problems: readonly string[] }
  /** The call states arguments that the caller's key fixes. `problems` has a sentence for each. */
  | { readonly kind: "fixed"; readonly problems: readonly string[] }
  /** The operator has stopped all requests, or what writes. */
  | { readonly kind: "stopped"; readonly what: Stop }
  /** The idempotency key stands in the header of a batch with more than one write. */
  | { readonly kind: "shared_key" }
  /** The `requestState` belongs to another caller or another call. */
  | { readonly kind: "foreign_state" }
  /** The refusal of an app's own guard. */
  | {
      readonly kind: "refused";
      readonly reason: string;
      /** The HTTP status, and the code of the JSON-RPC error. */
      readonly status: number;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** Returns the reason that the audit log keeps for a refusal. */
export const reasonOf = (refusal: Refusal): string => {
  if ("reason" in refusal) return refusal.reason;
  return refusal.kind === "rate_limit" ? `rate_limit_${refusal.policy}` : refusal.kind;
};
