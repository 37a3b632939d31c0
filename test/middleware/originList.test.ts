/**
 * Which origins the list allows, and which a loopback site has of its own.
 *
 * @spec MCP 2025-11-25 basic/transports
 * @spec MCP 2026-07-28 basic/transports/streamable-http
 */
import { describe, expect, test } from "vitest";
import { post, SITE_URL } from "../support/gate";
import { corsOf, key, ORIGIN, ping, t } from "./pages";

describe("the list", () => {
  const statusFrom = async (origin: string, headers: Record<string, string> = {}) =>
    (await post(t, key, ping, { origin, ...headers })).status;

  test.each([undefined, "", " ", ",", ",,"])("%j allows no page", async (list) => {
    if (list === undefined) delete process.env.TOOLGATE_ALLOWED_ORIGINS;
    else process.env.TOOLGATE_ALLOWED_ORIGINS = list;
    expect(await statusFrom(ORIGIN)).toBe(403);
    expect(await statusFrom("")).toBe(403);
    expect(await statusFrom(SITE_URL)).toBe(403);
  });

  test.each(["*", "null", "https://*", "https://*.example.com", "*.example.com", "example.com"])(
    "%s in it is no wildcard",
    async (item) => {
      process.env.TOOLGATE_ALLOWED_ORIGINS = `${item}, https://other.example`;
      expect(await statusFrom(ORIGIN)).toBe(403);
      expect(await statusFrom("null")).toBe(403);
      expect(await statusFrom("https://other.example")).toBe(200);
    },
  );

  test.each(["https://a.example/", "https://A.example", "https://a.example:443", "null"])(
    "%s in it is no origin that a browser sends, and matches nothing",
    async (item) => {
      process.env.TOOLGATE_ALLOWED_ORIGINS = item;
      expect(await statusFrom(item)).toBe(403);
      expect(await statusFrom("https://a.example")).toBe(403);
    },
  );

  test("blanks around its items do not count", async () => {
    process.env.TOOLGATE_ALLOWED_ORIGINS = ` https://a.example ,\thttps://b.example\n`;
    expect(await statusFrom("https://a.example")).toBe(200);
    expect(await statusFrom("https://b.example")).toBe(200);
  });

  test("a loopback site allows its own origins, on its own port", async () => {
    process.env.CONVEX_SITE_URL = "http://127.0.0.1:3211";
    const host = "localhost:3211";
    for (const origin of ["http://localhost:3211", "http://127.0.0.1:3211", "http://[::1]:3211"]) {
      expect(await statusFrom(origin, { host })).toBe(200);
      expect(await statusFrom(origin, { host: "evil.example" })).toBe(403);
    }
    for (const origin of [
      "http://localhost:3210",
      "http://localhost",
      "https://localhost:3211",
      "http://evil.example:3211",
      "http://127.0.0.2:3211",
      "null",
    ]) {
      expect(await statusFrom(origin, { host })).toBe(403);
    }
    expect(await statusFrom(ORIGIN, { host })).toBe(200);
  });

  test("a site on port 80 has origins without a port", async () => {
    process.env.CONVEX_SITE_URL = "http://localhost";
    expect(await statusFrom("http://localhost", { host: "localhost" })).toBe(200);
  });

  test("a public site does not allow loopback pages", async () => {
    for (const origin of ["http://localhost:3211", "http://127.0.0.1:3211", "http://localhost"]) {
      expect(await statusFrom(origin)).toBe(403);
    }
  });

  test("a foreign Host is told so, without CORS", async () => {
    process.env.CONVEX_SITE_URL = "http://127.0.0.1:3211";
    const {
      status,
      headers,
      json: body,
    } = await post(t, key, ping, {
      host: "evil.example:3211",
      origin: ORIGIN,
    });
    expect(status).toBe(403);
    expect(corsOf(headers)).toEqual([]);
    expect(body.error).toEqual({ code: 403, message: "Host not allowed" });
  });
});
