/** Answers a device that asks whether a person has approved it (RFC 8628 section 3.4 and 3.5). */
import { findGrant } from "../auth/grant";
import { ACCESS_SECONDS } from "../auth/token";
import type { Doc, GateTx } from "../data/database";
import type { Tenancy } from "./parent";
import type { Family } from "./redeem";
import { invalidGrant, refused, type Refused } from "./refused";
import { deny, leaseOf, payingKey, renewed, type Renewed } from "./renewal";
import { recordStep } from "./step";

export type DeviceAsk = {
  readonly type: "device";
  readonly deviceId: string;
  readonly clientId: string;
  readonly family: Family;
};

type Device = Doc<"toolgateDeviceCodes">;

/** Each poll that comes too early makes the interval longer by this, in ms. */
const SLOWER_MS = 5000;

/** A network may deliver a poll a little earlier after the one before than it was sent. */
const EARLY_MS = 500;

const wait = async (tx: GateTx, { _id, polledAt, intervalMs }: Device): Promise<Refused> => {
  const now = Date.now();
  const isEarly = polledAt !== undefined && now - polledAt < intervalMs - EARLY_MS;
  await tx.db.patch("toolgateDeviceCodes", _id, {
    polledAt: now,
    ...(isEarly && { intervalMs: intervalMs + SLOWER_MS }),
  });
  return isEarly
    ? refused("slow_down", "Ask less often: wait 5 seconds longer than before.")
    : refused("authorization_pending", "Nobody has entered the code yet.");
};

/** The connection of a device has no refresh token, so it ends with its access token. The code is gone after one use. */
const handOver = async (
  tx: GateTx,
  app: Tenancy,
  device: Device,
  family: Family,
): Promise<Renewed | Refused> => {
  const grant = await findGrant(tx.db, device.grantId ?? "");
  if (grant === null || grant.revokedAt !== undefined || grant.hash !== undefined)
    return deny(tx, "device_not_connected", grant);
  const paying = await payingKey(tx, app, grant);
  if ("refusal" in paying) return paying;
  const { key } = paying;
  const lease = leaseOf(key, ACCESS_SECONDS * 1000);
  await tx.db.patch("toolgateGrants", grant._id, { ...family, ...lease });
  await tx.db.delete("toolgateDeviceCodes", device._id);
  const { grantId, client, generation } = grant;
  await recordStep(tx, { method: "oauth/token", key, grantId, client, reason: "device" });
  return renewed(grant, key, { generation, ...lease });
};

export const pollDevice = async (
  tx: GateTx,
  app: Tenancy,
  { deviceId, clientId, family }: DeviceAsk,
): Promise<Renewed | Refused> => {
  const device = await tx.db
    .query("toolgateDeviceCodes")
    .withIndex("by_deviceId", (q) => q.eq("deviceId", deviceId))
    .unique();
  if (device === null || device.expiresAt <= Date.now())
    return refused("expired_token", "The code has expired or was used. Start again.");
  if (device.client.id !== clientId) return invalidGrant();
  if (device.isDenied === true) {
    await tx.db.delete("toolgateDeviceCodes", device._id);
    return refused("access_denied", "The person has refused.");
  }
  return device.grantId === undefined ? wait(tx, device) : handOver(tx, app, device, family);
};
