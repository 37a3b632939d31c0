/** The device flow over HTTP: an agent shows a link and a code, and a person approves on the page. */
import { describe, expect, test, vi } from "vitest";
import { newApp } from "../support/app";
import { newServer, rpc, SITE_URL } from "../support/gate";
import { ask, fieldOf, redemption, register, submit, token, newFlow } from "../support/connect";
import { DEVICE, type Fields, type Started, newDevice } from "./devices";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const { calls, t, key, registered, client_id, start, started, poll, decide, allow, errorOf } =
  await newDevice();

test("a device may register without a redirect", () => {
  expect(registered.status).toBe(201);
  expect(registered.json).toMatchObject({ grant_types: [DEVICE], response_types: [] });
  expect(registered.json).not.toHaveProperty("redirect_uris");
});

test("from the code to a call, one call of Convex a step", async () => {
  const { status, json, headers } = await start();
  expect([status, calls.splice(0)]).toEqual([200, ["toolgate/connect:startDevice"]]);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(json).toEqual({
    device_code: expect.stringMatching(/^cvxmcp_dc_/) as string,
    user_code: expect.stringMatching(
      /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/,
    ) as string,
    verification_uri: `${SITE_URL}/oauth/device`,
    verification_uri_complete: `${SITE_URL}/oauth/device?user_code=${json.user_code as string}`,
    ...{ expires_in: 600, interval: 5 },
  });
  const { device_code, user_code } = json as unknown as Started;
  expect(await errorOf(device_code)).toBe("authorization_pending");
  calls.length = 0;

  const page = await ask(t, `/oauth/device?user_code=${user_code}`);
  expect([page.status, fieldOf(page, "user_code"), calls]).toEqual([200, user_code, []]);
  const second = await decide(user_code);
  expect([second.status, calls.splice(0)]).toEqual([200, ["toolgate/connect:decideDevice"]]);
  expect(second.text).toContain("terminal");
  const done = await allow(user_code);
  expect([done.status, calls.splice(0)]).toEqual([200, ["toolgate/connect:decideDevice"]]);
  expect(done.text).not.toContain(key);

  vi.advanceTimersByTime(5000);
  const got = await poll(device_code);
  expect([got.status, calls.splice(0)]).toEqual([200, ["toolgate/connect:token"]]);
  expect(Object.keys(got.json)).toEqual(["access_token", "token_type", "expires_in", "scope"]);
  expect((await rpc(t, got.json.access_token as string, "ping")).status).toBe(200);
  vi.advanceTimersByTime(5000);
  expect(await errorOf(device_code)).toBe("expired_token");
});

describe("polling", () => {
  test("too early is told to slow down", async () => {
    const { device_code } = await started();
    expect(await errorOf(device_code)).toBe("authorization_pending");
    vi.advanceTimersByTime(1000);
    expect(await errorOf(device_code)).toBe("slow_down");
  });

  test("ends after ten minutes, and when the person refuses", async () => {
    const [late, refused] = [await started(), await started()];
    const page = await decide(refused.user_code, { decision: "cancel" });
    expect(page.status).toBe(200);
    expect(await errorOf(refused.device_code)).toBe("access_denied");
    vi.advanceTimersByTime(10 * 60_000 + 1);
    expect(await errorOf(late.device_code)).toBe("expired_token");
    expect((await allow(late.user_code)).text).toContain('role="alert"');
  });

  test("by another client gets nothing, and a user code is no device code", async () => {
    const { device_code, user_code } = await started();
    await allow(user_code);
    const other = (await register(t, { client_name: "o", grant_types: [DEVICE] })).json.client_id;
    const stolen = await poll(device_code, { client_id: other as string });
    expect([stolen.status, stolen.json.error]).toEqual([400, "invalid_grant"]);
    calls.length = 0;
    expect((await poll(user_code)).json.error).toBe("invalid_grant");
    const flow = await newFlow(t);
    expect((await token(t, redemption(flow, device_code))).json.error).toBe("invalid_grant");
    expect(calls).toEqual([]);
  });
});

describe("what starts no device", () => {
  test.each<[string, Fields, number, string]>([
    ["no client", { client_id: undefined }, 400, "invalid_request"],
    ["an unknown client", { client_id: "x" }, 401, "invalid_client"],
    ["two clients", { client_id: ["a", "b"] }, 400, "invalid_request"],
    ["another resource", { resource: "https://x.example/mcp" }, 400, "invalid_target"],
  ])("%s", async (_what, changes, status, error) => {
    const answer = await start(changes);
    expect([answer.status, answer.json.error]).toEqual([status, error]);
    expect(calls).toEqual([]);
  });
});

test("each poll that comes too soon makes the wait longer, and it stays so", async () => {
  const { device_code } = await started();
  const after = async (seconds: number) => {
    vi.advanceTimersByTime(seconds * 1000 + 1);
    return errorOf(device_code);
  };
  expect(await after(0)).toBe("authorization_pending");
  expect(await after(1)).toBe("slow_down");
  expect(await after(8)).toBe("slow_down");
  expect(await after(14)).toBe("slow_down");
  expect(await after(20)).toBe("authorization_pending");
});

test("its access ends after 12 hours, and there is nothing to refresh", async () => {
  const { device_code, user_code } = await started();
  await allow(user_code);
  const { access_token } = (await poll(device_code)).json as unknown as { access_token: string };
  vi.advanceTimersByTime(12 * 3_600_000 - 2000);
  expect((await rpc(t, access_token, "ping")).status).toBe(200);
  vi.advanceTimersByTime(3000);
  expect((await rpc(t, access_token, "ping")).status).toBe(401);
});

test("without `device: true` there is none of it, and clients learn so", async () => {
  const off = await newServer({ t: newApp({ connect: {} }) });
  const paths = ["/oauth/device_authorization", "/oauth/device"];
  for (const path of paths)
    expect([path, (await submit(off, path, { client_id })).status]).toEqual([path, 404]);
  const { json } = await ask(off, "/.well-known/oauth-authorization-server");
  expect(json).not.toHaveProperty("device_authorization_endpoint");
  expect(json.grant_types_supported).not.toContain(DEVICE);
  const { client_id: id } = (await register(off, { redirect_uris: ["http://localhost/callback"] }))
    .json;
  const answer = await token(off, {
    ...{ grant_type: DEVICE, client_id: id as string, device_code: "cvxmcp_dc_x" },
  });
  expect([answer.status, answer.json.error]).toEqual([400, "unsupported_grant_type"]);
});
