/** An authorization code works once, for a minute, and only for the client, the redirect and the verifier that it was made for. */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { issueKey, rows, rpc } from "../support/gate";
import {
  accessToken,
  after,
  approve,
  ask,
  challenge,
  connect,
  DAY,
  good,
  key,
  MINUTE,
  newCode,
  newFamily,
  proofOf,
  redeem,
  redirectUri,
  refusalOf,
  t,
} from "./setup";

const status = async (token: string) => (await rpc(t, token, "ping")).status;
const grants = () => rows(t, "toolgateGrants");

describe("approval", () => {
  test("sends the code, the state and the issuer back to the client", async () => {
    const url = new URL(good(await approve()).redirectTo);
    expect(url.origin + url.pathname).toBe(redirectUri);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      code: expect.stringMatching(/^cvxmcp_ac_/),
      state: "xyz",
      iss: "https://some.convex.site",
    });
  });

  test("writes a row of the audit log with the key, the connection and the client", async () => {
    await approve();
    const [grant] = await grants();
    expect((await rows(t, "toolgateAudit")).at(-1)).toMatchObject({
      ...{ method: "oauth/approve", protocol: "oauth", outcome: "succeeded" },
      ...{ keyId: key.keyId, grantId: grant?.grantId, client: "Claude (claude.ai)" },
      ...{ tenant: "acme", role: "admin" },
    });
  });

  test("twice at once: one connection, one code", async () => {
    const request = await ask();
    const replies = await Promise.all([approve({ request }), approve({ request })]);
    expect(good(replies[0])).toEqual(good(replies[1]));
    expect(await grants()).toHaveLength(1);
  });

  test("again with another choice: the last one counts", async () => {
    const request = await ask();
    await approve({ request, tools: ["orders_get"] });
    await approve({ request, access: "read" });
    expect(await grants()).toMatchObject([{ access: "read" }]);
    expect((await grants())[0]).not.toHaveProperty("tools");
  });

  test("again after the redemption, by another key, or after the code's time is over: refused", async () => {
    const request = await ask();
    const code = await newCode({ request });
    const other = await issueKey(t);
    expect(refusalOf(await approve({ request }, other.key))).toBe("used");
    good(await redeem(code, (await newFamily()).family));
    expect(refusalOf(await approve({ request }))).toBe("used");
    const late = await ask();
    await approve({ request: late });
    after(MINUTE);
    expect(refusalOf(await approve({ request: late }))).toBe("expired");
  });

  test.each([
    ["a tampered request", async () => `${(await ask()).slice(0, -1)}_`],
    ["no request", () => Promise.resolve("")],
    [
      "a request that is too old",
      async () => {
        const request = await ask();
        after(10 * MINUTE);
        return request;
      },
    ],
  ])("%s: expired, and nothing is written", async (_what, requestOf) => {
    const request = await requestOf();
    expect(refusalOf(await approve({ request }))).toBe("expired");
    expect(await grants()).toEqual([]);
  });

  test("a key that is wrong, revoked, expired or unknown: one refusal, and an audit row", async () => {
    const wrong = { credential: { keyId: key.keyId, hashes: [{ pepperId: "test", hash: "x" }] } };
    const unknown = { credential: { keyId: "nonesuch0000", hashes: [] } };
    const revoked = await issueKey(t);
    await t.mutation(internal.toolgate.admin.revokeKey, { keyId: revoked.keyId });
    const replies = [
      await approve({ proof: wrong }),
      await approve({ proof: unknown }),
      await approve({}, revoked.key),
    ];
    after(91 * DAY);
    replies.push(await approve());
    expect(replies).toEqual(replies.map(() => ({ refusal: { kind: "invalid_key" } })));
    const denied = (await rows(t, "toolgateAudit")).filter(({ outcome }) => outcome === "denied");
    expect(denied.map(({ reason }) => reason)).toEqual([
      ...["wrong_secret", "unknown_key", "key_revoked", "key_expired"],
    ]);
  });

  test("a key whose role or tenant is gone: refused", async () => {
    await t.run(async (ctx) => {
      const role = await ctx.db.query("toolgateRoles").collect();
      for (const { _id, name } of role)
        if (name === "admin") await ctx.db.delete("toolgateRoles", _id);
    });
    expect(refusalOf(await approve())).toBe("invalid_key");
    const other = await issueKey(t, { role: "viewer", tenant: "globex" });
    await t.run(async (ctx) => {
      for (const { _id, slug } of await ctx.db.query("tenants").collect())
        if (slug === "globex") await ctx.db.delete("tenants", _id);
    });
    expect(refusalOf(await approve({}, other.key))).toBe("invalid_key");
  });

  test("at most 50 live connections of a key; a revoked one makes room", async () => {
    const { grantId } = await connect();
    await Promise.all(Array.from({ length: 49 }, () => approve()));
    expect(refusalOf(await approve())).toBe("too_many");
    await t.run(async (ctx) => {
      const all = await ctx.db.query("toolgateGrants").collect();
      const one = all.find((grant) => grant.grantId === grantId);
      if (one) await ctx.db.patch("toolgateGrants", one._id, { revokedAt: Date.now() });
    });
    good(await approve());
  });

  test("takes from the key's bucket", async () => {
    const proof = await proofOf(key.key);
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "0.001");
    const replies = [];
    for (let i = 0; i < 8; i++) replies.push(await approve({ proof }));
    expect(replies.at(-1)).toMatchObject({
      refusal: { kind: "rate_limit", retryAfter: expect.any(Number) },
    });
  });
});

describe("a code", () => {
  test("gives a connection that works", async () => {
    const code = await newCode();
    const { family } = await newFamily();
    expect(await redeem(code, family)).toEqual({
      ...{ grantId: code.grantId, access: "all", generation: 0 },
      expiresAt: expect.any(Number),
    });
    expect(await status((await connect()).access)).toBe(200);
  });

  test("used twice ends the connection, whoever uses it", async () => {
    const code = await newCode();
    const { secret, family } = await newFamily();
    const { grantId } = good(await redeem(code, family));
    const token = await accessToken(grantId, secret);
    expect(await status(token)).toBe(200);
    expect(refusalOf(await redeem(code, (await newFamily()).family, { clientId: "other" }))).toBe(
      "invalid_grant",
    );
    expect(await status(token)).toBe(401);
    expect(await grants()).toMatchObject([{ revokedReason: "code_reused" }]);
    expect((await rows(t, "toolgateAudit")).at(-2)).toMatchObject({
      ...{ method: "oauth/revoke", reason: "code_reused", grantId },
    });
  });

  test("used twice at once: one wins, and the connection ends", async () => {
    const code = await newCode();
    const families = [await newFamily(), await newFamily()];
    const replies = await Promise.all(families.map(({ family }) => redeem(code, family)));
    expect(replies.filter((reply) => "refusal" in reply)).toHaveLength(1);
    expect(await grants()).toMatchObject([{ revokedReason: "code_reused" }]);
  });

  test("in the 60th second works, in the 61st not", async () => {
    const [first, second] = [await newCode(), await newCode()];
    after(MINUTE - 1000);
    good(await redeem(first, (await newFamily()).family));
    after(1000);
    expect(refusalOf(await redeem(second, (await newFamily()).family))).toBe("invalid_grant");
  });

  test.each([
    ["of another client", { clientId: "https://evil.example/client" }],
    ["with another redirect", { redirectUri: `${redirectUri}/` }],
    ["with a wrong verifier", { challenge: `${challenge.slice(0, -1)}N` }],
    ["with the verifier left out", { challenge: "" }],
    ["with another secret", { hashes: [{ pepperId: "test", hash: "x".repeat(43) }] }],
    ["without a secret", { hashes: [] }],
    ["of a connection that does not exist", { grantId: "nonesuch" }],
  ])("%s: the one refusal, and the right client can still use it", async (_what, wrong) => {
    const code = await newCode();
    const { family } = await newFamily();
    const one = await redeem(code, family, wrong);
    expect(one).toEqual(await redeem(code, family, { grantId: "unheard" }));
    expect(refusalOf(one)).toBe("invalid_grant");
    good(await redeem(code, family));
  });

  test("of a key that was revoked since: refused", async () => {
    const code = await newCode();
    await t.mutation(internal.toolgate.admin.revokeKey, { keyId: key.keyId });
    expect(refusalOf(await redeem(code, (await newFamily()).family))).toBe("invalid_grant");
  });
});
