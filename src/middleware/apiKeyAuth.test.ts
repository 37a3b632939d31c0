/** apiKeyAuth alone: the HTTP half without a database, and the database half over rows. */
import { beforeEach, expect, test, vi } from "vitest";
import { newBackend, type Backend } from "../../test/support/gate";
import { credentialOf, type Credential, type KeyCredential } from "../auth/credential";
import { mintKey } from "../auth/keyFormat";
import { readPeppers } from "../auth/pepper";
import type { GateTx } from "../data/database";
import { apiKeyAuth } from "./apiKeyAuth";

const guard = apiKeyAuth();

const send = async (authorization?: string) => {
  const next = vi.fn(async (_add: { credential: Credential }) => new Response("in"));
  const headers = authorization === undefined ? {} : { authorization };
  const request = new Request("https://a.example/mcp", { method: "POST", headers });
  return { response: await guard.evidence!({}, request, next), next };
};

test("a request without a key is told how to send one", async () => {
  const { response, next } = await send();
  expect([response.status, response.headers.get("www-authenticate")]).toEqual([
    ...[401, 'Bearer realm="mcp"'],
  ]);
  expect(next).not.toHaveBeenCalled();
});

test.each([
  ["no scheme", (key: string) => key],
  ["another scheme", (key: string) => `Basic ${key}`],
  ["a mistyped key", (key: string) => `Bearer ${key.slice(0, -1)}_`],
  ["two keys", (key: string) => `Bearer ${key}, Bearer ${key}`],
  ["nothing behind the scheme", () => "Bearer "],
])("%s is refused without a look at the database", async (_what, header) => {
  const { key } = await mintKey("test");
  const { response, next } = await send(header(key));
  expect(response.status).toBe(401);
  expect(response.headers.get("www-authenticate")).toContain('error="invalid_token"');
  expect(next).not.toHaveBeenCalled();
});

test("a well-formed key goes on as its id and hashes, and the secret does not", async () => {
  const { key, keyId } = await mintKey("test");
  const { next } = await send(`bearer ${key}`);
  const [{ credential }] = next.mock.calls[0]!;
  expect(credential).toMatchObject({ keyId });
  expect(JSON.stringify(credential)).not.toContain(key.slice(24));
});

test("without a pepper every key is refused with what to set", async () => {
  vi.stubEnv("TOOLGATE_PEPPERS", "");
  const { key } = await mintKey("test");
  const { response } = await send(`Bearer ${key}`);
  expect([response.status, await response.text()]).toEqual([
    ...[503, expect.stringContaining("TOOLGATE_PEPPERS") as string],
  ]);
  vi.unstubAllEnvs();
});

let t: Backend;
let credential: KeyCredential;
const DAY = 86_400_000;

beforeEach(async () => {
  t = newBackend();
  const { key, keyId } = await mintKey("test");
  credential = await credentialOf(key, keyId, readPeppers());
  await t.run(async (ctx) => {
    await ctx.db.insert("toolgateKeys", {
      ...{ keyId, env: "test", name: "n", subject: "s", tenant: "acme", role: "admin" },
      ...{ ...credential.hashes[0]!, createdAt: 0, expiresAt: Date.now() + DAY, tools: ["a"] },
    });
  });
});

const decide = (claim: Credential) =>
  t.run(async (ctx) =>
    guard.decide(ctx as unknown as GateTx, { credential: claim }, async (context) => ({ context })),
  );

const change = (fields: object) =>
  t.run(async (ctx) => {
    const row = await ctx.db.query("toolgateKeys").first();
    await ctx.db.patch("toolgateKeys", row!._id, fields);
  });

test("a proven key adds who is calling and how the key narrows its role", async () => {
  expect(await decide(credential)).toEqual({
    context: {
      principal: { subject: "s", tenant: "acme", role: "admin", keyId: credential.keyId },
      restrictions: { tools: ["a"] },
    },
  });
});

test.each([
  ["key_revoked", { revokedAt: 1 }],
  ["key_expired", { expiresAt: 1 }],
  ["key_rotated", { graceUntil: 1 }],
])("%s is an invalid key, and the reason is for the audit log", async (reason, fields) => {
  await change(fields);
  expect(await decide(credential)).toEqual({
    refusal: { kind: "invalid_key", reason, keyId: credential.keyId },
  });
});

test("a wrong secret names the key that is claimed, and an unknown key names none", async () => {
  const hashes = credential.hashes.map((one) => ({ ...one, hash: "x".repeat(43) }));
  expect(await decide({ ...credential, hashes })).toEqual({
    refusal: { kind: "invalid_key", reason: "wrong_secret", keyId: credential.keyId },
  });
  expect(await decide({ ...credential, keyId: "000000000000" })).toEqual({
    refusal: { kind: "invalid_key", reason: "unknown_key" },
  });
});
