/** originCheck alone: which Origin and Host pass. */
import { describe, expect, test } from "vitest";
import { originCheck, type OriginCheckOptions } from "./originCheck";

const ask = (options: OriginCheckOptions, headers: Record<string, string>, method = "POST") =>
  originCheck({
    allowedOrigins: () => undefined,
    siteUrl: () => "https://x.convex.site",
    ...options,
  })(
    {},
    new Request("https://x.convex.site/mcp", { method, headers }),
    async () => new Response("in"),
  );

const listed = { allowedOrigins: () => "https://app.example, https://b.example:8443" };

test.each([
  ["no Origin at all", {}, 200],
  ["a listed one", { origin: "https://app.example" }, 200],
  ["a listed one with a port", { origin: "https://b.example:8443" }, 200],
  ["null", { origin: "null" }, 403],
  ["another port", { origin: "https://app.example:444" }, 403],
  ["another scheme", { origin: "http://app.example" }, 403],
  ["upper case", { origin: "https://APP.example" }, 403],
  ["a path", { origin: "https://app.example/" }, 403],
  ["a list", { origin: "https://app.example, https://b.example:8443" }, 403],
  ["a subdomain", { origin: "https://x.app.example" }, 403],
])("%s", async (_what, headers, status) => {
  const response = await ask(listed, headers);
  expect(response.status).toBe(status);
  expect(response.headers.get("vary")).toBe("Origin");
  const allowed = status === 200 ? ((headers as { origin?: string }).origin ?? null) : null;
  expect(response.headers.get("access-control-allow-origin")).toBe(allowed);
});

test("nothing is allowed where nothing is listed", async () => {
  expect((await ask({}, { origin: "https://app.example" })).status).toBe(403);
});

test("a preflight is answered without going on, with the parameter headers that it asks for", async () => {
  const asked = "mcp-param-region, x-other";
  const headers = { origin: "https://app.example", "access-control-request-headers": asked };
  const response = await ask(listed, headers, "OPTIONS");
  expect([response.status, await response.text()]).toEqual([204, ""]);
  const allowed = response.headers.get("access-control-allow-headers");
  expect(allowed).toContain("mcp-param-region");
  expect(allowed).not.toContain("x-other");
});

describe("on this machine", () => {
  const local = { siteUrl: () => "http://127.0.0.1:3211" };

  test.each(["localhost:3211", "127.0.0.1", "[::1]:3211"])("Host %s passes", async (host) => {
    expect((await ask(local, { host })).status).toBe(200);
  });

  test.each(["evil.example", "127.0.0.1.evil.example", ""])("Host %s is refused", async (host) => {
    expect((await ask(local, { host })).status).toBe(403);
  });

  test("its own origins are allowed, and no other port of it", async () => {
    const host = "localhost:3211";
    expect((await ask(local, { host, origin: "http://localhost:3211" })).status).toBe(200);
    expect((await ask(local, { host, origin: "http://localhost:3000" })).status).toBe(403);
  });
});
