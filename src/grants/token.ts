/** The database half of the token endpoint: one mutation for a code, a refresh token and a device code. */
import { v } from "convex/values";
import type { GateTx } from "../data/database";
import { hashesValidator, type Tenancy } from "./parent";
import { pollDevice, type DeviceAsk } from "./poll";
import { redeemCode, type CodeAsk } from "./redeem";
import { refresh, type RefreshAsk } from "./refresh";
import type { Refused } from "./refused";
import type { Renewed } from "./renewal";

/** `clientId` is the `id` of a `Client`. */
export type TokenAsk = CodeAsk | RefreshAsk | DeviceAsk;

const askValidator = () => {
  const family = v.object({ pepperId: v.string(), hash: v.string() });
  const held = { grantId: v.string(), hashes: hashesValidator(), clientId: v.string() };
  return v.union(
    v.object({
      ...{ type: v.literal("code"), ...held },
      ...{ redirectUri: v.optional(v.string()), challenge: v.string(), family },
    }),
    v.object({ type: v.literal("refresh"), ...held, generation: v.number() }),
    v.object({
      ...{ type: v.literal("device"), deviceId: v.string(), clientId: v.string(), family },
    }),
  );
};

/**
 * The definition of `token`. The HTTP half has verified the signature of the code or token, and makes the new ones.
 *
 * Refusals: `invalid_grant` and `rate_limit`; for a device also `authorization_pending`, `slow_down`, `expired_token` and
 * `access_denied`.
 */
export const token = (app: Tenancy) => ({
  get args() {
    return { ask: askValidator() };
  },
  handler: (tx: GateTx, { ask }: { ask: TokenAsk }): Promise<Renewed | Refused> => {
    switch (ask.type) {
      case "code":
        return redeemCode(tx, app, ask);
      case "refresh":
        return refresh(tx, app, ask);
      case "device":
        return pollDevice(tx, app, ask);
    }
  },
});
