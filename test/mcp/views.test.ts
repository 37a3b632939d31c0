/**
 * Views: pages that tools name, and that clients without MCP Apps never notice.
 *
 * @spec MCP Apps 2026-01-26 UI Resource Format
 * @spec MCP Apps 2026-01-26 Resource Discovery
 * @spec MCP Apps 2026-01-26 Capability Negotiation
 */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { internalQuery } from "../../convex/_generated/server";
import { resource, view, type Resources } from "../../src/registry/resources";
import { tool, type Tool, type Tools } from "../../src/registry/tools";
import { newApp } from "../support/app";
import { modernNamed } from "../support/demoApp";
import { issueKey, newServer, rpc, type Backend } from "../support/gate";
import { modernRpc } from "../support/speak";

const HTML = "<!doctype html><html lang=en><title>Notes</title><p>Ünïcode</p></html>";
const EXTENSION = "io.modelcontextprotocol/ui";
const TYPE = "text/html;profile=mcp-app";

const ref = (name: string) =>
  makeFunctionReference<"query">(`notes:${name}`) as unknown as FunctionReference<
    "query",
    "internal",
    { none?: never }
  >;

const notes = {
  count: internalQuery({
    args: {},
    returns: v.object({ notes: v.number() }),
    handler: () => ({ notes: 3 }),
  }),
  page: internalQuery({
    args: {},
    returns: v.object({ text: v.string() }),
    handler: () => ({ text: HTML }),
  }),
};

const count = (more: { readonly ui?: string; readonly permission?: string } = {}) =>
  tool.query(ref("count"), { permission: "orders:read", description: "Count notes.", ...more });

const needs = {
  csp: { connectDomains: ["https://api.example.com"], resourceDomains: ["https://*.example.com"] },
  permissions: { clipboardWrite: {} },
  domain: "notes.example.com",
  prefersBorder: true,
} as const;

const resources: Resources = {
  "notes://all": () =>
    resource(ref("page"), { permission: "orders:read", name: "all", mimeType: "text/html" }),
  "ui://notes/card": () =>
    view(ref("page"), { permission: "orders:read", name: "card", ui: needs }),
  "ui://notes/bare": () => view(ref("page"), { permission: "orders:create", name: "bare" }),
  "ui://notes/text": () =>
    resource(ref("page"), {
      permission: "orders:read",
      name: "text",
      title: "Text",
      mimeType: "text/html",
    }),
  "page://notes": () => view(ref("page"), { permission: "orders:read", name: "elsewhere" }),
};

const tools: Tools = {
  plain: () => count(),
  carded: () => count({ ui: "ui://notes/card" }),
  bare: () => count({ ui: "ui://notes/bare" }),
};

let t: Backend;
let admin: string;

const newNotes = (registry: { tools: Tools; resources?: Resources }) =>
  newServer({ t: newApp({ registry, functions: { notes } }) });

beforeAll(async () => {
  t = await newNotes({ tools, resources });
  admin = (await issueKey(t)).key;
});
afterEach(() => {
  vi.restoreAllMocks();
});

interface ListedTool {
  readonly name: string;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

const metaIn = (result: Record<string, unknown> | undefined) =>
  Object.fromEntries((result!.tools as ListedTool[]).map(({ name, _meta }) => [name, _meta]));

/** The `_meta` of each tool, by its name; both eras must say the same. */
const listed = async (key: string, backend = t) => {
  const legacy = metaIn((await rpc(backend, key, "tools/list")).json.result);
  expect(metaIn((await modernRpc(backend, key, "tools/list")).json.result)).toEqual(legacy);
  return legacy;
};

const naming = (uri: string) => ({ ui: { resourceUri: uri }, "ui/resourceUri": uri });

describe("a tool names its view", () => {
  test("nested and flat, and a tool without one has none", async () => {
    expect(await listed(admin)).toEqual({
      plain: undefined,
      carded: naming("ui://notes/card"),
      bare: naming("ui://notes/bare"),
    });
  });

  test("only to callers who may read it", async () => {
    const { key: viewer } = await issueKey(t, { role: "viewer" });
    const seen = await listed(viewer);
    expect(Object.keys(seen)).toEqual(["plain", "carded", "bare"]);
    expect([seen.carded, seen.bare]).toEqual([naming("ui://notes/card"), undefined]);
    const { key: toolsOnly } = await issueKey(t, { tools: ["carded"] });
    expect(await listed(toolsOnly)).toEqual({ carded: undefined });
  });

  test("and answers with the same text and structuredContent as without", async () => {
    const call = async (name: string) => {
      const { json } = await rpc(t, admin, "tools/call", { name, arguments: {} });
      const { content, structuredContent } = json.result!;
      return { content, structuredContent };
    };
    expect(await call("carded")).toEqual(await call("plain"));
    expect((await call("carded")).structuredContent).toEqual({ notes: 3 });
  });
});

describe("a line that names no view is left out, and the log says why", () => {
  const lines: [what: string, bound: () => Tool, why: string][] = [
    [
      "nothing",
      () => count({ ui: "ui://notes/gone" }),
      '"ui://notes/gone" is none of the resources',
    ],
    ["an inherited name", () => count({ ui: "toString" }), '"toString" is none of the resources'],
    [
      "a resource",
      () => count({ ui: "notes://all" }),
      '"notes://all" is text/html: bind it by view',
    ],
    ["HTML", () => count({ ui: "ui://notes/text" }), '"ui://notes/text" is text/html: bind it by'],
    [
      "a view elsewhere",
      () => count({ ui: "page://notes" }),
      '"page://notes" must begin with "ui://"',
    ],
  ];
  test.each(lines)("%s", async (_what, bound, why) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const backend = await newNotes({ tools: { plain: () => count(), bad: bound }, resources });
    const { key } = await issueKey(backend);
    expect(Object.keys(await listed(key, backend))).toEqual(["plain"]);
    expect(warn.mock.calls.flat().join()).toContain(`leaves out "bad": Tool bad: its ui ${why}`);
  });
});

describe("a view is a resource", () => {
  test("that is listed with what it needs", async () => {
    const { result } = (await rpc(t, admin, "resources/list")).json;
    const { resources: all } = result as { resources: { uri: string }[] };
    expect(all.filter(({ uri }) => uri.startsWith("ui://notes/"))).toEqual([
      { uri: "ui://notes/card", name: "card", title: "Card", mimeType: TYPE, _meta: { ui: needs } },
      { uri: "ui://notes/bare", name: "bare", title: "Bare", mimeType: TYPE, _meta: { ui: {} } },
      { uri: "ui://notes/text", name: "text", title: "Text", mimeType: "text/html" },
    ]);
    const modern = await modernRpc(t, admin, "resources/list");
    expect(modern.json.result!.resources).toEqual(all);
  });

  test("and read with it, as one document", async () => {
    const uri = "ui://notes/card";
    const contents = [{ uri, mimeType: TYPE, text: HTML, _meta: { ui: needs } }];
    const legacy = await rpc(t, admin, "resources/read", { uri });
    const modern = await modernNamed(t, admin, "resources/read", { uri }, uri);
    for (const { json } of [legacy, modern]) expect(json.result!.contents).toEqual(contents);
  });

  test("that reads like none to callers who may not read it", async () => {
    const { key } = await issueKey(t, { role: "viewer" });
    const answer = async (uri: string) => {
      const { json } = await rpc(t, key, "resources/read", { uri });
      return JSON.stringify(json).replaceAll(uri, "URI");
    };
    expect(await answer("ui://notes/bare")).toBe(await answer("ui://notes/gone"));
  });
});

describe("the extension", () => {
  const announced = async (backend: Backend, key: string) => {
    const initialize = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: {} };
    const legacy = await rpc(backend, key, "initialize", initialize);
    const modern = await modernRpc(backend, key, "server/discover");
    return [legacy, modern].map(
      ({ json }) =>
        (json.result!.capabilities as { extensions?: Record<string, unknown> }).extensions,
    );
  };

  test("is announced in both eras", async () => {
    const [legacy, modern] = await announced(t, admin);
    expect(legacy).toEqual({ [EXTENSION]: {} });
    expect(modern).toMatchObject({ [EXTENSION]: {} });
  });

  test("not by a server without views", async () => {
    const backend = await newNotes({ tools: { plain: () => count() } });
    const [legacy, modern] = await announced(backend, (await issueKey(backend)).key);
    expect(legacy).toBeUndefined();
    expect(modern).not.toHaveProperty(EXTENSION);
  });
});

describe("the views of the ERP", () => {
  test.each(["ui://erp/order", "ui://erp/sales"])(
    "%s is one document that loads nothing, under 80 KB, for whoever may read its tools",
    async (uri) => {
      const erp = await newServer();
      const { key } = await issueKey(erp, { role: "viewer" });
      const { contents } = (await rpc(erp, key, "resources/read", { uri })).json.result!;
      const [{ text, mimeType, _meta: meta }] = contents as [Record<string, string>];
      expect([mimeType, meta]).toEqual([TYPE, { ui: { prefersBorder: true } }]);
      expect(text).toMatch(/^<!doctype html><html lang="en">/);
      expect(text!.length).toBeLessThan(80_000);
      expect(text).not.toMatch(/\b(?:src|href)=["']|@import|url\(|import\(|fetch\(|XMLHttpRequest/);
      expect(metaIn((await rpc(erp, key, "tools/list")).json.result)).toMatchObject({
        orders_get: naming("ui://erp/order"),
        invoices_get: naming("ui://erp/order"),
        sales_summary: naming("ui://erp/sales"),
      });
    },
  );
});
