/** Why a step of OAuth is refused, as data. Whoever answers the request turns it into a page or an OAuth error. */

/** `message` is for people. */
export interface Refused {
  readonly refusal:
    /** The key is unknown, wrong or no longer valid. The caller is never told which. */
    | { readonly kind: "invalid_key" }
    /** `retryAfter` is in seconds. */
    | { readonly kind: "rate_limit"; readonly message: string; readonly retryAfter: number }
    | {
        readonly kind:
          /** The error codes of RFC 6749 section 5.2 and RFC 8628 section 3.5. */
          | "invalid_grant"
          | "access_denied"
          | "authorization_pending"
          | "slow_down"
          | "expired_token"
          /** The authorization request, or its code, is too old. */
          | "expired"
          /** The authorization request was approved before. */
          | "used"
          /** The key has as many live connections as it may have. */
          | "too_many"
          /** No device waits with this code. */
          | "unknown_code";
        readonly message: string;
      };
}

type Plain = Extract<Refused["refusal"], { readonly message: string; readonly retryAfter?: never }>;

export const refused = (kind: Plain["kind"], message: string): Refused => ({
  refusal: { kind, message },
});

export const tooFast = (retryAfter: number, message: string): Refused => ({
  refusal: { kind: "rate_limit", message, retryAfter },
});

/** The one refusal of a code or token that is unknown, wrong, used, revoked or expired. */
export const invalidGrant = (): Refused =>
  refused("invalid_grant", "The code or token is not valid, or no longer. Connect again.");
