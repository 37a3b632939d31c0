/** What anyone may read: server cards, their catalog, proofs of who owns the host, and the icon. */
import { httpRouter } from "convex/server";
import { afterEach, describe, expect, test, vi } from "vitest";
import { httpAction } from "../../convex/_generated/server";
import { app } from "../../convex/toolgate/tools";
import { registerRoutes } from "../../src/entry/http";
import { counting, newApp } from "../support/app";
import { issueKey, newBackend, newServer, rpc, send, SITE_URL, type Reply } from "../support/gate";
import { faultsAgainst } from "../support/schemas";
import { initialize } from "./eras/setup";

const calls: string[] = [];
const t = await newServer({ t: newApp({ connect: {}, front: counting(calls) }) });
const off = newApp({});

afterEach(() => {
  vi.unstubAllEnvs();
  calls.length = 0;
});

const CARD = "/mcp/server-card";
const CATALOGS = ["/.well-known/ai-catalog.json", "/.well-known/mcp/catalog.json"];
const get = (path: string, headers: Record<string, string> = {}, from = t): Promise<Reply> =>
  send(from, { headers }, path);
const read = async (path: string, from = t) =>
  JSON.parse((await get(path, {}, from)).text) as Record<string, never>;

/** What an unknown path is answered. */
const nothing = { jsonrpc: "2.0", error: { code: 404, message: "Not found" } };

describe("the server card", () => {
  test("has the official form, says what the server says of itself, and names no tool", async () => {
    const { status, headers, text } = await get(CARD, { origin: "https://any.example" });
    expect([status, headers.get("content-type")]).toEqual([
      200,
      "application/mcp-server-card+json",
    ]);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("cache-control")).toBe("public, max-age=3600");
    const card = JSON.parse(text);
    expect(faultsAgainst("server-card", card, "ServerCard")).toEqual([]);
    const { key } = await issueKey(t);
    const params = initialize("2025-11-25").params;
    const { serverInfo } = (await rpc(t, key, "initialize", params)).json.result as never;
    const { name, ...told } = serverInfo as { name: string };
    expect(card).toEqual({
      $schema: "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json",
      ...told,
      name: `site.convex.some/${name}`,
      remotes: [
        {
          type: "streamable-http",
          url: `${SITE_URL}/mcp`,
          supportedProtocolVersions: ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"],
        },
      ],
    });
    expect(text).not.toContain("_search");
  });

  test("asks for a key where there is no OAuth", async () => {
    const card = await read(CARD, off);
    expect(faultsAgainst("server-card", card, "ServerCard")).toEqual([]);
    expect(card.remotes).toEqual([
      expect.objectContaining({
        headers: [
          expect.objectContaining({ name: "Authorization", isRequired: true, isSecret: true }),
        ],
      }),
    ]);
  });

  test("is at the place that some readers guess too, and in both catalogs", async () => {
    const card = await read(CARD);
    expect(await read("/.well-known/mcp/server-card.json")).toEqual(card);
    for (const path of CATALOGS)
      expect(await read(path)).toEqual({
        specVersion: "1.0",
        entries: [
          {
            identifier: "urn:air:some.convex.site:mcp:toolgate-erp",
            type: "application/mcp-server-card+json",
            url: SITE_URL + CARD,
          },
        ],
      });
  });

  test("names the domain of the app's own, and nothing where the deployment knows no address", async () => {
    vi.stubEnv("TOOLGATE_URL", "https://erp.acme.example");
    expect(await read(CARD)).toMatchObject({
      name: "example.acme.erp/toolgate-erp",
      icons: [{ src: "https://erp.acme.example/icon.png" }],
      remotes: [{ url: "https://erp.acme.example/mcp" }],
    });
    vi.stubEnv("TOOLGATE_URL", "");
    vi.stubEnv("CONVEX_SITE_URL", "");
    for (const path of [CARD, ...CATALOGS]) {
      const { status, json } = await get(path, {}, off);
      expect([path, status, json]).toEqual([path, 404, nothing]);
    }
  });

  test.each([
    ["minimal", { title: undefined, description: undefined, websiteUrl: undefined, icons: [] }, {}],
    ["a namespace", { name: "com.acme/erp" }, { name: "com.acme/erp" }],
    ["a name that no card takes", { name: "Erp & Co / 2" }, { name: "site.convex.some/-2" }],
    ["texts that are too long", { title: "t".repeat(200), description: "d".repeat(101) }, {}],
  ])("of an app with %s has the official form", async (_what, fields, expected) => {
    const http = httpRouter();
    registerRoutes(http, httpAction(vi.fn()), { ...app, ...fields });
    const [handler] = http.lookup(CARD, "GET")!;
    const reply: Response = await (handler as never as Called)._handler(
      {},
      new Request(SITE_URL + CARD),
    );
    const card: unknown = await reply.json();
    expect(faultsAgainst("server-card", card, "ServerCard")).toEqual([]);
    expect(card).toMatchObject(expected);
  });
});

interface Called {
  readonly _handler: (ctx: object, request: Request) => Promise<Response>;
}

describe("proofs", () => {
  test.each([
    ["TOOLGATE_OPENAI_CHALLENGE", "/.well-known/openai-apps-challenge", "a-token_1"],
    ["TOOLGATE_REGISTRY_AUTH", "/.well-known/mcp-registry-auth", "v=MCPv1; k=ed25519; p=abc="],
  ])(
    "%s is told at %s as plain text, and nothing is there unless it is set",
    async (name, path, proof) => {
      for (const unset of ["", " "]) {
        vi.stubEnv(name, unset);
        const { status, json } = await get(path);
        expect([status, json]).toEqual([404, nothing]);
      }
      vi.stubEnv(name, `${proof}\n`);
      for (const from of [t, off]) {
        const { status, headers, text } = await get(path, {}, from);
        expect([status, text]).toEqual([200, proof]);
        expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
        expect(headers.get("cache-control")).toBe("no-store");
      }
    },
  );

  test("names that objects have by themselves are no documents", async () => {
    for (const path of ["/.well-known/constructor", "/mcp/__proto__", "/mcp/server-card/"])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
  });
});

test("a reader that knows a document is told so; other methods are answered as HTTP says", async () => {
  const tag = (await get(CARD)).headers.get("etag")!;
  expect(tag).toMatch(/^"[\da-f]{32}"$/);
  for (const known of [tag, `W/${tag}`, `"x", ${tag}`, "*"]) {
    const { status, text, headers } = await get(CARD, { "if-none-match": known });
    expect([known, status, text, headers.get("etag")]).toEqual([known, 304, "", tag]);
  }
  expect((await get(CARD, { "if-none-match": '"x"' })).status).toBe(200);
  const head = await send(t, { method: "HEAD" }, CARD);
  expect([head.status, head.text, head.headers.get("etag")]).toEqual([200, "", tag]);
  const preflight = await send(t, { method: "OPTIONS" }, CARD);
  expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([
    204,
    "*",
  ]);
  const post = await send(t, { method: "POST", body: "{}" }, CARD);
  expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  expect(calls).toEqual([]);
});

describe("the icon", () => {
  test("is served, and is the favicon", async () => {
    const erp = newBackend();
    const icon = await erp.fetch("/icon.png");
    expect([icon.status, icon.headers.get("content-type")]).toEqual([200, "image/png"]);
    const bytes = Buffer.from(await icon.arrayBuffer());
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([128, 128]);
    const favicon = await get("/favicon.ico", {}, erp);
    expect([favicon.status, favicon.headers.get("location")]).toEqual([302, "/icon.png"]);
  });

  const routed = (own: (http: ReturnType<typeof httpRouter>) => void, icons: unknown) => {
    const http = httpRouter();
    own(http);
    registerRoutes(http, httpAction(vi.fn()), { ...app, icons: icons as never });
    return http.lookup("/favicon.ico", "GET");
  };
  const mine = httpAction(vi.fn());

  test("an app's own favicon stays, and there is none without an icon that clients can be told", () => {
    const exact = { path: "/favicon.ico", method: "GET", handler: mine } as const;
    const all = { pathPrefix: "/", method: "GET", handler: mine } as const;
    for (const route of [exact, all]) {
      const beside = () =>
        routed((http) => {
          http.route(route);
        }, app.icons);
      expect(beside).not.toThrow();
      expect(beside()?.[0]).toBe(mine);
    }
    expect(routed(() => undefined, app.icons)?.[0]).not.toBe(undefined);
    for (const icons of [undefined, [], [{ src: "data:image/png;base64,AA" }]])
      expect(routed(() => undefined, icons)).toBe(null);
  });

  test("an icon that only looks like a path of this host is no favicon", async () => {
    const http = httpRouter();
    const icons = [{ src: "//elsewhere.example/icon.png" }] as never;
    registerRoutes(http, httpAction(vi.fn()), { ...app, icons });
    const own = newBackend({ "../../convex/http.ts": () => Promise.resolve({ default: http }) });
    const { status, text } = await get("/favicon.ico", {}, own);
    expect([status, JSON.parse(text)]).toEqual([404, nothing]);
  });
});
