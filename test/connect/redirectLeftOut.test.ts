/**
 * Clients that leave out the redirect URI: where they have registered one only, and where the verifier proves the same.
 *
 * @spec RFC 6749 section 3.1.2.3
 * @spec RFC 6749 section 4.1.3
 * @spec draft-ietf-oauth-v2-1 section 10.2
 */
import { expect, test } from "vitest";
import { consent, fieldOf, newFlow, open, redemption, token } from "../support/connect";
import { issueKey, newServer } from "../support/gate";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const t = await newServer();
const { key } = await issueKey(t);

const left = { redirect_uri: undefined };

/** A code, and the parameters that redeem it. `changes` are those to the authorization request. */
const redemptionAfter = async (changes: object) => {
  const flow = await newFlow(t);
  const request = fieldOf(await open(t, flow, { ...changes }), "request");
  const { to } = await consent(t, request, { key });
  expect(to?.href.startsWith(flow.redirectUri)).toBe(true);
  return redemption(flow, to?.searchParams.get("code") ?? "");
};

test.each([
  ["in both requests", left, left],
  ["in the first only", left, {}],
  ["in the second only", {}, left],
])("left out %s: the code is redeemed", async (_where, first, second) => {
  const { status, text } = await token(t, { ...(await redemptionAfter(first)), ...second });
  expect([status, text]).toEqual([200, expect.stringContaining("access_token")]);
});

test.each([
  ["another one", { redirect_uri: "http://127.0.0.1:4711/other" }],
  ["none, and a wrong verifier", { ...left, code_verifier: "a".repeat(43) }],
  ["none, and no verifier", { ...left, code_verifier: undefined }],
])("%s: refused", async (_what, changes) => {
  expect((await token(t, { ...(await redemptionAfter({})), ...changes })).status).toBe(400);
});
