/**
 * Why a call is refused, as data: one arm for each reason that reads differently on the wire. A guard returns it, the admission writes it
 * to the audit log, and mcp/refused.ts, alone, turns it into an answer.
 */
import type { Fault, Target } from "./call";

export type Refusal =
  | Fault
  /** The key is unknown, wrong, or no longer valid. The caller is never told which. */
  | {
      readonly kind: "invalid_key";
      readonly reason: string;
      /** The key that is claimed, if it exists. */
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
  /** The call names what does not exist, or what this caller must not use: both read the same. */
  | { readonly kind: "unknown"; readonly reason: string; readonly target: Target }
  /** The caller's key does not allow these arguments: a sentence for each. */
  | { readonly kind: "constraint"; readonly problems: readonly string[] }
  /** The state of a call that asks belongs to another caller or call. */
  | { readonly kind: "foreign_state" }
  /** For a guard of the app's own. */
  | {
      readonly kind: "refused";
      readonly reason: string;
      /** The HTTP status, and the code of the JSON-RPC error. */
      readonly status: number;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** What the audit log says of a refusal. */
export const reasonOf = (refusal: Refusal): string => {
  if ("reason" in refusal) return refusal.reason;
  return refusal.kind === "rate_limit" ? `rate_limit_${refusal.policy}` : refusal.kind;
};
