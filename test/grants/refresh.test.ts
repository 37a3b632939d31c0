/** A refresh survives lost answers and parallel clients, and a replay ends the connection. */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { hashesOf } from "../../src/auth/credential";
import { readPeppers } from "../../src/auth/pepper";
import { rows, rpc } from "../support/gate";
import {
  accessToken,
  after,
  approve,
  claude,
  connect,
  DAY,
  good,
  key,
  MINUTE,
  newFamily,
  refresh,
  refusalOf,
  t,
} from "./setup";

const status = async (token: string) => (await rpc(t, token, "ping")).status;
const grant = async () => (await rows(t, "toolgateGrants"))[0];

describe("a refresh token", () => {
  test("of the current generation gets the next one", async () => {
    const one = await connect();
    for (const generation of [0, 1, 2])
      expect(good(await refresh(one, generation))).toEqual({
        ...{ grantId: one.grantId, access: "all", generation: generation + 1 },
        expiresAt: expect.any(Number),
      });
  });

  test("used 20 times at once gets one successor", async () => {
    const one = await connect();
    const replies = await Promise.all(Array.from({ length: 20 }, () => refresh(one, 0)));
    expect(new Set(replies.map((reply) => good(reply).generation))).toEqual(new Set([1]));
    expect(await grant()).toMatchObject({ generation: 1 });
  });

  test("sent again within 10 minutes, after a lost answer: the same successor, and no write to the row", async () => {
    const one = await connect();
    const first = good(await refresh(one, 0));
    const before = await grant();
    after(10 * MINUTE - 1000);
    expect(await refresh(one, 0)).toEqual(first);
    expect(await grant()).toEqual(before);
    expect(good(await refresh(one, 1)).generation).toBe(2);
  });

  test.each([
    ["two generations back", [0, 1], 0, 0],
    ["the one before, after 10 minutes", [0], 0, 10 * MINUTE],
    ["one that was never issued", [0], 5, 0],
    ["a negative one", [], -1, 0],
    ["a fraction", [0], 0.5, 0],
  ])(
    "%s: the connection ends, and the newest tokens with it",
    async (_what, used, replayed, ms) => {
      const one = await connect();
      for (const generation of used) good(await refresh(one, generation));
      after(ms);
      expect(await status(await accessToken(one.grantId, one.secret))).toBe(200);
      expect(refusalOf(await refresh(one, replayed))).toBe("invalid_grant");
      expect(await status(await accessToken(one.grantId, one.secret))).toBe(401);
      expect(refusalOf(await refresh(one, used.length))).toBe("invalid_grant");
      expect(await grant()).toMatchObject({ revokedReason: "refresh_reused" });
      expect(
        (await rows(t, "toolgateAudit")).filter(({ method }) => method === "oauth/revoke"),
      ).toMatchObject([{ reason: "refresh_reused", grantId: one.grantId, outcome: "succeeded" }]);
    },
  );

  test.each([
    ["another client", { clientId: "https://evil.example/c" }],
    ["another family", { secret: "x".repeat(43) }],
    ["a connection that does not exist", { grantId: "nonesuch" }],
  ])("of %s: refused, and the right one still works", async (_what, wrong) => {
    const one = await connect();
    const { clientId, ...rest } = { clientId: undefined, ...wrong };
    expect(refusalOf(await refresh({ ...one, ...rest }, 0, clientId))).toBe("invalid_grant");
    good(await refresh(one, 0));
  });

  test("lives 30 days from its last use, and never past the key", async () => {
    const one = await connect();
    after(29 * DAY);
    good(await refresh(one, 0));
    after(29 * DAY);
    good(await refresh(one, 1));
    after(29 * DAY);
    const { expiresAt } = good(await refresh(one, 2));
    expect(expiresAt).toBe(Date.parse(key.expiresAt));
    after(3 * DAY);
    expect(refusalOf(await refresh(one, 3))).toBe("invalid_grant");
  });

  test("after 30 idle days: refused", async () => {
    const one = await connect();
    after(30 * DAY);
    expect(refusalOf(await refresh(one, 0))).toBe("invalid_grant");
  });

  test("of a code that was not redeemed does not exist", async () => {
    await approve();
    const { grantId = "" } = (await grant()) ?? {};
    const { secret } = await newFamily();
    expect(refusalOf(await refresh({ grantId, secret }, 0))).toBe("invalid_grant");
  });

  test("is refused for the moment while the key is over its limit, and works later", async () => {
    const one = await connect();
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "0.001");
    const replies: object[] = [];
    for (let n = 0; n < 8; n++) replies.push(await refresh(one, 0));
    expect(replies.at(-1)).toMatchObject({ refusal: { kind: "rate_limit" } });
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "100000");
    good(await refresh(one, 1));
  });
});

describe("a client's own revocation", () => {
  const revoke = async (secret: string, grantId: string, clientId: string) => {
    const hashes = [...(await hashesOf(secret, readPeppers()))];
    return t.mutation(internal.toolgate.connect.revoke, { grantId, hashes, clientId });
  };

  test("ends the connection, and is always fine", async () => {
    const one = await connect();
    expect(await revoke("wrong", one.grantId, claude.id)).toBeNull();
    expect(await revoke(one.secret, one.grantId, "other")).toBeNull();
    expect(await revoke(one.secret, "nonesuch", claude.id)).toBeNull();
    expect(await status(one.access)).toBe(200);
    expect(await revoke(one.secret, one.grantId, claude.id)).toBeNull();
    expect(await status(one.access)).toBe(401);
    expect(await revoke(one.secret, one.grantId, claude.id)).toBeNull();
    expect(
      (await rows(t, "toolgateAudit")).filter(({ method }) => method === "oauth/revoke"),
    ).toHaveLength(1);
  });
});
