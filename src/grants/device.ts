/** The device flow (RFC 8628): a device starts it, and a person decides on it by the code that the device shows. */
import { v } from "convex/values";
import type { Hashes } from "../auth/credential";
import type { Doc, GateTx } from "../data/database";
import { DEVICE_MS, POLL_MS } from "../data/device";
import { accessValidator, clientValidator, type Access, type Client } from "../data/values";
import { giveBack, retryAfter, take, type Bucket } from "../middleware/tokenBucket";
import { newGrant, whyFull, type Narrowing } from "./approve";
import {
  hashesValidator,
  proofValidator,
  proveParent,
  type KeyProof,
  type Tenancy,
} from "./parent";
import { refused, tooFast, type Refused } from "./refused";
import { recordStep } from "./step";

/** How many devices may wait at once, so that nobody can fill the table. */
const MAX_PENDING = 200;

const starts: Bucket = {
  ...{ name: "device:start", cost: 1 },
  limit: { perMinute: 30, burst: 60, shards: 4 },
};

/** Codes that no device waits with. Once they are too many, right ones have to wait too, or a code could be guessed. */
const misses: Bucket = {
  ...{ name: "device:miss", cost: 1 },
  limit: { perMinute: 30, burst: 60, shards: 1 },
};

type Device = Doc<"toolgateDeviceCodes">;

export type StartDevice = {
  readonly deviceId: string;
  readonly userCodeHash: string;
  readonly client: Client;
  readonly access: Access;
};

const withCode = (tx: GateTx, userCodeHash: string): Promise<Device | null> =>
  tx.db
    .query("toolgateDeviceCodes")
    .withIndex("by_userCodeHash", (q) => q.eq("userCodeHash", userCodeHash))
    .first();

const isFull = async (tx: GateTx): Promise<boolean> => {
  const waiting = await tx.db
    .query("toolgateDeviceCodes")
    .withIndex("by_expiresAt", (q) => q.gt("expiresAt", Date.now()))
    .take(MAX_PENDING);
  return waiting.length === MAX_PENDING;
};

/** The definition of `startDevice`. Refusal: `rate_limit`, also if the code is taken: the next try has another one. */
export const startDevice = {
  get args() {
    return {
      ...{ deviceId: v.string(), userCodeHash: v.string() },
      ...{ client: clientValidator(), access: accessValidator() },
    };
  },
  handler: async (tx: GateTx, start: StartDevice): Promise<Record<string, never> | Refused> => {
    const { short } = await take(tx, [starts]);
    if (short !== undefined || (await isFull(tx)))
      return tooFast(retryAfter(starts), "Too many devices wait for approval. Try again later.");
    if ((await withCode(tx, start.userCodeHash)) !== null) return tooFast(1, "Try again.");
    await tx.db.insert("toolgateDeviceCodes", {
      ...start,
      ...{ intervalMs: POLL_MS, expiresAt: Date.now() + DEVICE_MS },
    });
    return {};
  },
};

export type DecideDevice = {
  /** Of the code that the person has typed, under each pepper. */
  readonly userCodeHashes: Hashes;
  readonly proof?: KeyProof;
  readonly access?: Access;
  readonly tools?: readonly string[];
  readonly deny?: true;
};

/** The device, for the page. `access` is what it asks for, or what it got. */
export type Decided = { readonly client: Client; readonly access: Access };

/** Finds a device that waits. Each miss takes a token that only time gives back. */
const findWaiting = async (tx: GateTx, hashes: Hashes): Promise<{ device: Device } | Refused> => {
  const payment = await take(tx, [misses]);
  if (payment.short !== undefined)
    return tooFast(retryAfter(misses), "Too many wrong codes. Wait a moment, then try again.");
  for (const { hash } of hashes) {
    const device = await withCode(tx, hash);
    if (device === null || device.expiresAt <= Date.now()) continue;
    if (device.grantId !== undefined || device.isDenied === true) continue;
    await giveBack(tx, payment.taken, 0);
    return { device };
  }
  return refused("unknown_code", "No device waits with this code. Compare it, or start again.");
};

/** The id of the device becomes the id of the connection. */
const connect = async (
  tx: GateTx,
  app: Tenancy,
  { _id, deviceId: id, client, expiresAt }: Device,
  proof: KeyProof,
  narrowing: Narrowing,
): Promise<Decided | Refused> => {
  const proven = await proveParent(tx, app, proof, client);
  if ("refusal" in proven) return proven;
  const { key } = proven;
  const full = await whyFull(tx, key);
  if (full) return full;
  await tx.db.insert("toolgateGrants", newGrant(key, { client, id }, narrowing, expiresAt));
  await tx.db.patch("toolgateDeviceCodes", _id, { grantId: id });
  await recordStep(tx, { method: "oauth/approve", key, grantId: id, client });
  return { client, access: narrowing.access };
};

/**
 * The definition of `decideDevice`. Without `proof` and `deny` it only looks up the device for the page.
 *
 * Refusals: `unknown_code`, `rate_limit`, `invalid_key` and `too_many`.
 */
export const decideDevice = (app: Tenancy) => ({
  get args() {
    return {
      ...{ userCodeHashes: hashesValidator(), proof: v.optional(proofValidator()) },
      ...{ access: v.optional(accessValidator()), tools: v.optional(v.array(v.string())) },
      deny: v.optional(v.literal(true)),
    };
  },
  handler: async (
    tx: GateTx,
    { userCodeHashes, proof, access, tools, deny }: DecideDevice,
  ): Promise<Decided | Refused> => {
    const found = await findWaiting(tx, userCodeHashes);
    if ("refusal" in found) return found;
    const { device } = found;
    const { client } = device;
    if (deny) await tx.db.patch("toolgateDeviceCodes", device._id, { isDenied: true });
    if (deny || proof === undefined) return { client, access: device.access };
    const narrowing = { access: access ?? device.access, ...(tools && { tools }) };
    return connect(tx, app, device, proof, narrowing);
  },
});
