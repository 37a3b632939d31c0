/** The page of the device flow: the code as people type it, and who may send the form. */
import { describe, expect, test, vi } from "vitest";
import { ask } from "../support/connect";
import { newDevice } from "./devices";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const { calls, t, key, started, poll, decide, allow, errorOf } = await newDevice();

describe("the code as people type it", () => {
  test.each<[string, (code: string) => string]>([
    ["in small letters", (code) => code.toLowerCase()],
    ["without the dash", (code) => code.replace("-", "")],
    ["with spaces", (code) => ` ${Array.from(code.replace("-", "")).join(" ")} `],
    ["with another dash", (code) => code.replace("-", "–")],
    ["with dots", (code) => code.replace("-", ".")],
  ])("%s", async (_what, change) => {
    const { user_code } = await started();
    expect((await decide(change(user_code))).text).toContain("terminal");
  });

  test.each(["", "AAAA-AAAA", "BCDF-GHJ", "BCDF-GHJKL", "1234-5678", "<script>", "Б".repeat(8)])(
    "%j cannot be one: no call",
    async (text) => {
      const { status, text: page } = await decide(text);
      expect([status, calls]).toEqual([200, []]);
      expect(page).toContain('role="alert"');
      expect(page).not.toContain("<script");
    },
  );
});

describe("the page of the device", () => {
  test("takes no form of another page", async () => {
    const { user_code } = await started();
    calls.length = 0;
    const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    for (const fields of [{}, { key, access: "all", decision: "allow" }, { decision: "cancel" }])
      expect((await decide(user_code, fields, foreign)).status).toBe(400);
    expect(calls).toEqual([]);
  });

  test("a link fills the code in and does nothing, by GET or HEAD", async () => {
    const { user_code, device_code } = await started();
    calls.length = 0;
    const path = `/oauth/device?user_code=${user_code}&decision=allow&key=${key}&access=all`;
    for (const method of ["GET", "HEAD"]) expect((await ask(t, path, { method })).status).toBe(200);
    expect(calls).toEqual([]);
    expect(await errorOf(device_code)).toBe("authorization_pending");
  });

  test("a wrong key can be mended, and then the code works once", async () => {
    const { user_code, device_code } = await started();
    const wrong = await allow(user_code, { key: "x", client_name: "terminal" });
    expect([wrong.status, wrong.text.includes('role="alert"')]).toEqual([200, true]);
    await allow(user_code);
    expect((await allow(user_code)).text).toContain('role="alert"');
    vi.advanceTimersByTime(5000);
    expect((await poll(device_code)).status).toBe(200);
  });

  test("read only is read only", async () => {
    const { user_code, device_code } = await started();
    await allow(user_code, { access: "read" });
    expect((await poll(device_code)).json.scope).toBe("mcp:read");
  });
});

// Last: it leaves no tokens for others.
test("wrong codes are limited for all, and after a while a right one works again", async () => {
  const { user_code } = await started();
  const wrong = async () => (await decide("BCDF-GHJK")).status;
  const statuses: number[] = [];
  for (let n = 0; n < 80; n++) statuses.push(await wrong());
  expect(statuses[0]).toBe(200);
  const last = await decide(user_code);
  expect([statuses.at(-1), last.status]).toEqual([429, 429]);
  const seconds = Number(last.headers.get("retry-after"));
  expect(seconds).toBeGreaterThan(0);
  vi.advanceTimersByTime(seconds * 1000 + 1);
  expect((await decide(user_code)).status).toBe(200);
});
