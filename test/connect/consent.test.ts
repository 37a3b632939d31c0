/** Consent by a key: one that is not right, one that only reads, and the same form sent again. */
import { describe, expect, test } from "vitest";
import { mintKey } from "../../src/auth/keyFormat";
import { issueKey, rows, rpc } from "../support/gate";
import { consent, fieldOf, newFlow, open, redemption, token } from "../support/connect";
import { newConsent } from "./consenting";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const { calls, t, key, keyId, request } = await newConsent();

describe("a key that is not right shows the page again", () => {
  const flipped = `${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`;

  test.each<[string, string | undefined]>([
    ["none", undefined],
    ["an empty one", ""],
    ["spaces", "   "],
    ["text", "hello"],
    ["a wrong checksum", flipped],
    ["half a key", key.slice(0, 30)],
    ["a key in quotes", `"${key}"`],
    ["a key with Bearer", `Bearer ${key}`],
    ["two keys in one", `${key}${key}`],
    ["a refresh token", "cvxmcp_rt_aaaa.bbbb"],
    ["the key's id", keyId],
    ["markup", "<script>alert(1)</script>"],
  ])("%s: 200, no call, and nothing of it on the page", async (_what, wrong) => {
    for (const decision of ["allow", "choose"]) {
      const answer = await consent(t, request, { key: wrong, decision });
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('role="alert"');
      expect(fieldOf(answer, "request")).toBe(request);
      if ((wrong ?? "").trim().length > 3) expect(answer.text).not.toContain(wrong);
    }
    expect(calls).toEqual([]);
  });

  test("unknown and revoked ones read alike, cost one call, and are counted", async () => {
    const unknown = (await mintKey("live")).key;
    const gone = await issueKey(t);
    await t.run(async ({ db }) => {
      const row = (await db.query("toolgateKeys").collect()).find(
        (one) => one.keyId === gone.keyId,
      )!;
      await db.patch(row._id, { revokedAt: Date.now() });
    });
    const texts = new Set<string>();
    for (const wrong of [unknown, gone.key]) {
      calls.length = 0;
      const answer = await consent(t, request, { key: wrong });
      expect([answer.status, calls]).toEqual([200, ["toolgate/connect:approve"]]);
      texts.add(answer.text);
    }
    expect(texts.size).toBe(1);
    const denied = (await rows(t, "toolgateAudit")).filter(
      ({ method, outcome }) => method === "oauth/approve" && outcome === "denied",
    );
    expect(denied.length).toBeGreaterThanOrEqual(2);
  });

  test("what was chosen before stays chosen", async () => {
    const { text } = await consent(t, request, { key: "x", access: "read" });
    const tag = (text.match(/<input[^>]*name="access"[^>]*>/g) ?? []).find((one) =>
      one.includes(" checked"),
    );
    expect(tag).toContain('value="read"');
  });

  test("spaces around a good key do not matter", async () => {
    const one = await newFlow(t);
    const sealed = fieldOf(await open(t, one), "request");
    expect((await consent(t, sealed, { key: ` ${key}\n` })).status).toBe(303);
  });
});

test("the second step of a read-only key says so, offers only what reads, and gives no more", async () => {
  const reader = await issueKey(t, { readOnly: true });
  const one = await newFlow(t);
  const sealed = fieldOf(await open(t, one), "request");
  const second = await consent(t, sealed, { key: reader.key, decision: "choose" });
  expect(second.text).toContain("It is read only: what connects can change nothing.");
  expect([fieldOf(second, "access"), second.text.includes('value="orders_confirm"')]).toEqual([
    ...["read", false],
  ]);
  const wanted = { proven: fieldOf(second, "proven"), tool: ["orders_list", "orders_confirm"] };
  const { to } = await consent(t, sealed, { ...wanted, access: "all" });
  const { json } = await token(t, redemption(one, to?.searchParams.get("code") ?? ""));
  expect(json.scope).toBe("mcp:read offline_access");
  const { text } = await rpc(t, json.access_token as string, "tools/list");
  expect([text.includes("orders_list"), text.includes("orders_confirm")]).toEqual([true, false]);
});

describe("the same form again", () => {
  test("twice gives the same code and one connection; after the redemption it is used up", async () => {
    const one = await newFlow(t);
    const sealed = fieldOf(await open(t, one), "request");
    const before = (await rows(t, "toolgateGrants")).length;
    const answers = await Promise.all([1, 2, 3].map(() => consent(t, sealed, { key })));
    expect(new Set(answers.map(({ to }) => to?.href)).size).toBe(1);
    expect((await rows(t, "toolgateGrants")).length).toBe(before + 1);
    const code = answers[0]!.to!.searchParams.get("code")!;
    const got = await token(t, redemption(one, code));
    // Back, and once more.
    const again = await consent(t, sealed, { key });
    expect([again.status, again.to]).toEqual([400, undefined]);
    expect((await rpc(t, got.json.access_token as string, "ping")).status).toBe(200);
  });

  test("cancelled, then back and allowed, is allowed", async () => {
    const one = await newFlow(t);
    const sealed = fieldOf(await open(t, one), "request");
    expect((await consent(t, sealed, { decision: "cancel" })).status).toBe(303);
    const allowed = await consent(t, sealed, { key });
    expect(allowed.to!.searchParams.has("code")).toBe(true);
  });

  test("two pages of one link are two connections", async () => {
    const one = await newFlow(t);
    const codes = new Set<string | null | undefined>();
    for (const page of [await open(t, one), await open(t, one)]) {
      const { to } = await consent(t, fieldOf(page, "request"), { key });
      codes.add(to?.searchParams.get("code"));
    }
    expect(codes.size).toBe(2);
  });
});
