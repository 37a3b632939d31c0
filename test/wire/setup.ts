/** A server with demo data, keys that are refused, and what every refusal must look like. */
import { expect } from "vitest";
import { internal } from "../../convex/_generated/api";
import { bearer, issueKey, jsonHeaders, newServer, send } from "../support/gate";
import { withChecksum } from "./bad/keys";
import { ping, type BadRequest } from "./bad/row";
import { ALLOWED } from "./bad/transport";

process.env.TOOLGATE_LIMIT_SCALE = "1000";
process.env.TOOLGATE_ALLOWED_ORIGINS = ALLOWED.join(", ");

export const t = await newServer({ demo: true });
export const good = await issueKey(t);
const other = await issueKey(t);

const lapsedKeys = async (): Promise<Record<string, string>> => {
  const [revoked, expired, rotated, lastMinute] = await Promise.all(
    [1, 2, 3, 4].map(() => issueKey(t)),
  );
  await t.mutation(internal.toolgate.admin.revokeKey, { keyId: revoked!.keyId });
  await t.action(internal.toolgate.admin.rotateKey, { keyId: rotated!.keyId });
  await t.run(async (ctx) => {
    for (const { keyId } of [expired!, lastMinute!]) {
      const row = await ctx.db
        .query("toolgateKeys")
        .withIndex("by_keyId", (q) => q.eq("keyId", keyId))
        .unique();
      await ctx.db.patch("toolgateKeys", row!._id, {
        expiresAt: keyId === expired!.keyId ? 0 : Date.now(),
      });
    }
  });
  return {
    "a revoked key": revoked!.key,
    "a key long expired": expired!.key,
    "a key expired just now": lastMinute!.key,
    "a key that was rotated": rotated!.key,
    "a key never issued": withChecksum(`cvxmcp_live_000000000001_${"A".repeat(43)}`),
    "a good id with a made-up secret": withChecksum(`cvxmcp_live_${good.keyId}_${"A".repeat(43)}`),
    "a good id with the secret of another key": withChecksum(
      `cvxmcp_live_${good.keyId}_${other.key.slice(25, 68)}`,
    ),
    "a good key for the other environment": withChecksum(
      good.key.slice(0, 68).replace("_live_", "_test_"),
    ),
    "a revoked id with a made-up secret": withChecksum(
      `cvxmcp_live_${revoked!.keyId}_${"A".repeat(43)}`,
    ),
  };
};

export const lapsed = await lapsedKeys();

const withoutNull = (headers: Readonly<Record<string, string | null>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null),
  );

const bodyOf = (body: unknown): BodyInit =>
  typeof body === "string" || body instanceof Uint8Array
    ? (body as BodyInit)
    : JSON.stringify(body);

export const sendBad = ({ body = ping, headers = {}, path }: Partial<BadRequest>) => {
  const all = { ...jsonHeaders, ...bearer(good.key), ...headers };
  // Bytes: fetch would add a Content-Type of its own for a text.
  const sent = bodyOf(body);
  const bytes = typeof sent === "string" ? new TextEncoder().encode(sent) : sent;
  return send(t, { method: "POST", headers: withoutNull(all), body: bytes }, path);
};

type Answer = Awaited<ReturnType<typeof sendBad>>;

/** What every reply must have and what none may tell. */
export const expectClean = ({ status, headers, text }: Answer) => {
  expect(status).toBeLessThan(500);
  expect(headers.get("content-type")).toBe("application/json");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("vary")).toBe("Origin");
  expect(text).not.toMatch(/\bat .+:\d+:\d+|\.[tj]s:\d+|node_modules|file:|\/(src|convex|work)\//);
  expect(text).not.toMatch(/mcp(Keys|Roles|Audit|Buckets|Idempotency)/);
  expect(text).not.toMatch(/cvxmcp_|HMAC|pepper/i);
  // Nothing in a reply that this server itself would not read.
  expect(JSON.stringify(JSON.parse(text))).not.toMatch(/\\ud[89a-f]/i);
};
