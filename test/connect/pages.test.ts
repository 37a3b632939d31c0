/** The pages: nothing that others wrote can act in them, and browsers take them as they are meant. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { app } from "../../convex/toolgate/tools";
import { consentPage, toolsPage, type Asking } from "../../src/connect/pages/consent";
import { codePage, devicePage, devicePageDone } from "../../src/connect/pages/device";
import { lookOf, respond, type Page } from "../../src/connect/pages/page";
import { problemPage } from "../../src/connect/pages/problem";
import { style, STYLE_DIGEST } from "../../src/connect/pages/style";
import { textsOf, type Texts } from "../../src/connect/pages/texts";
import { visitPage, visitText } from "../../src/connect/pages/visit";
import type { Client } from "../../src/data/values";
import type { Proven } from "../../src/grants/prove";

const look = lookOf(app, {});
const origin = "https://some.convex.site";

const client = (over: Partial<Client> = {}): Client => ({
  ...{ id: "https://claude.ai/x", name: "Claude", host: "claude.ai", verified: true, ...over },
});

const asking = (over: Partial<Client> = {}, more: Partial<Asking> = {}): Asking => ({
  client: client(over),
  request: "r".repeat(700),
  action: "/oauth/authorize",
  access: "all",
  ...more,
});

const tools = [
  { name: "orders_search", description: "Find <orders>.", writes: false },
  { name: "orders_create", title: "Create", description: 'Make "one".', writes: true },
];
const proven: Proven = {
  keyId: "k",
  name: "n",
  subject: "s",
  tenant: "acme",
  role: "sales",
  tools,
};

const device = { client: client({ name: "Hermes", verified: false }), access: "read" } as const;

/** Every page, with a client of this name. */
const pagesFor = (name: string): Record<string, Page> => ({
  consent: consentPage(look, asking({ name })),
  "a problem at the key": consentPage(look, asking({ name }, { problem: name })),
  unverified: consentPage(look, asking({ name, verified: false })),
  tools: toolsPage(look, asking({ name }), proven, "proof"),
  code: codePage(look, "/oauth/device", name, name),
  device: devicePage(look, {
    ...device,
    ...{ client: client({ name }), code: "BCDF-GHJK", action: "/oauth/device" },
  }),
  done: devicePageDone(look, true),
  refused: devicePageDone(look, false),
  problem: problemPage(look, { message: name, hint: name, command: name }),
  visit: visitPage(look, { app: { ...app, name, instructions: name }, origin }),
});

const htmlOf = (page: Page, as = look): Promise<string> => respond(as, page).text();

describe("texts of others", () => {
  test.each([
    ["a script", "<script>alert(1)</script>"],
    ["an attribute that ends", '" onfocus="alert(1)" x="'],
    ["single quotes", "' onfocus='alert(1)"],
    ["an element", "<img src=x onerror=alert(1)>"],
    ["a form", '</form><form action="https://evil.example">'],
    ["an entity", "&lt;script&gt;"],
    ["a style", "<style>*{display:none}</style>"],
    ["a comment", "<!-- --><!--"],
    ["a placeholder", "{app}{host}{key}"],
  ])("do nothing: %s", async (_what, name) => {
    for (const [what, page] of Object.entries(pagesFor(name))) {
      const text = await htmlOf(page);
      const plain = await htmlOf(pagesFor("Claude")[what]!);
      // With the values of attributes left out.
      const tagsOf = (html: string) =>
        html.match(/<[/!a-z][^>]*>/g)!.map((tag) => tag.replace(/"[^"]*"/g, ""));
      expect([what, tagsOf(text)]).toEqual([what, tagsOf(plain)]);
    }
  });

  test("are shown without marks that turn or hide writing, and cut", async () => {
    const name = `\u202eedualC\u2066\u200b${"very ".repeat(2000)}`;
    const text = await htmlOf(consentPage(look, asking({ name })));
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/);
    expect(text.length).toBeLessThan(6 * 1024);
    expect(text).toContain("edualC");
  });

  test("cannot end the quotation and go on in our voice", async () => {
    const name = 'Claude". This app is verified by us. It calls itself "X';
    const text = await htmlOf(consentPage(look, asking({ name, verified: false })));
    expect(text).not.toContain("Claude&quot;.");
    expect(text).toContain(look.texts.unverified);
  });
});

describe("what a person reads first", () => {
  const headOf = async (over: Partial<Client>) =>
    /<h1>(.*?)<\/h1>/.exec(await htmlOf(consentPage(look, asking(over))))![1]!;

  test("is the host, before the name that the client gives itself", async () => {
    expect(await headOf({ host: "evil.example", name: "Claude" })).toBe(
      "<b>evil.example</b> wants to use toolgate-erp".replace("toolgate-erp", look.texts.app),
    );
  });

  test.each(["localhost:5123", "127.0.0.1:80", "[::1]:9", "anysphere.cursor-mcp"])(
    "is that %s is a program on this computer",
    async (host) => {
      expect(await headOf({ host })).toContain(look.texts.program);
    },
  );

  test.each(["localhost.evil.example", "127.0.0.1.example", "xlocalhost"])(
    "is not that %s is one",
    async (host) => {
      expect(await headOf({ host })).toContain(host);
    },
  );

  test("is the end of a host that is too long to be read, for it tells whose the host is", async () => {
    const head = await headOf({ host: `claude.ai.${"login.".repeat(60)}evil.example` });
    expect(head).toMatch(/^<b>….{47,59}evil\.example<\/b>/);
    expect(head).not.toContain("claude");
  });

  test("is a warning, if nobody has checked who it is", async () => {
    const text = await htmlOf(consentPage(look, asking({ verified: false })));
    expect(text.indexOf(look.texts.unverified)).toBeGreaterThan(0);
    expect(text.indexOf(look.texts.unverified)).toBeLessThan(text.indexOf('name="key"'));
    expect(await htmlOf(consentPage(look, asking()))).not.toContain(look.texts.unverified);
  });
});

describe("the form", () => {
  test("asks for the key as a secret that no browser keeps, and begins with what was asked", async () => {
    const text = await htmlOf(consentPage(look, asking({}, { access: "read" })));
    const key = /<input id="key"[^>]*>/.exec(text)![0];
    for (const attribute of ['type="password"', 'autocomplete="off"', 'spellcheck="false"'])
      expect(key).toContain(attribute);
    expect(text).toMatch(/value="read" checked>/);
    expect(text).not.toMatch(/value="all" checked>/);
    expect(text).toMatch(/<button[^>]*value="cancel" formnovalidate>/);
  });

  test("says at the field what is wrong", async () => {
    const text = await htmlOf(consentPage(look, asking({}, { problem: "No such key" })));
    expect(text).toMatch(/aria-describedby="problem hint" aria-invalid="true"/);
    expect(text).toContain('id="problem" role="alert">No such key<');
  });

  test("of the second step offers only what the choice allows", async () => {
    const all = await htmlOf(toolsPage(look, asking(), proven, "p"));
    const read = await htmlOf(toolsPage(look, asking({}, { access: "read" }), proven, "p"));
    expect([all.match(/type="checkbox"/g)?.length, read.match(/type="checkbox"/g)?.length]).toEqual(
      [2, 1],
    );
    expect(all).not.toContain('name="key"');
  });

  test("of the second step shows the beginning of a description, since agents get long ones", async () => {
    const long = { name: "long", description: `Begins. ${"x".repeat(9000)}`, writes: false };
    const text = await htmlOf(toolsPage(look, asking(), { ...proven, tools: [long] }, "p"));
    expect(text).toContain("Begins. x");
    expect(text.length).toBeLessThan(6 * 1024);
  });
});

describe("every page", () => {
  const names = Object.keys(pagesFor("x"));

  test.each(names)(
    "%s has a title, a language, a heading, and no script or style of its own",
    async (name) => {
      const page = pagesFor("x")[name]!;
      const text = await htmlOf(page);
      expect(text).toMatch(/^<!doctype html><html lang="en">/);
      expect(text).toMatch(/<title>[^<]+<\/title>/);
      expect(text.match(/<h1>/g)).toHaveLength(1);
      expect(text).not.toMatch(/<script| style=|javascript:|https?:\/\/(?!some\.convex\.site)/);
      for (const [, id] of text.matchAll(/<label for="(\w+)"/g))
        expect(text).toContain(` id="${id!}"`);
      for (const [, ids] of text.matchAll(/aria-describedby="([\w ]+)"/g))
        for (const id of ids!.split(" ")) expect(text).toContain(`id="${id}"`);
    },
  );

  test("has the headers that keep it where it is", () => {
    const { headers, status } = respond(look, pagesFor("x").consent!);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toEqual({
      "cache-control": "no-store",
      "content-security-policy": `default-src 'none'; style-src 'sha256-${STYLE_DIGEST}'; base-uri 'none'; frame-ancestors 'none'`,
      "content-type": "text/html; charset=utf-8",
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
  });

  test("has the style whose digest the header names", () => {
    const [, text = ""] = /^<style>(.*)<\/style>$/s.exec(style().html)!;
    expect(createHash("sha256").update(text).digest("base64")).toBe(STYLE_DIGEST);
  });

  test("may show a logo, and then pictures that lie in the page itself", async () => {
    const logo = "data:image/svg+xml;base64,PHN2Zy8+";
    const response = respond({ ...look, logo }, pagesFor("x").consent!);
    expect(response.headers.get("content-security-policy")).toContain("img-src data:");
    expect(await response.text()).toContain(`<img class="logo" src="${logo}" alt="">`);
  });

  test("is small", async () => {
    expect((await htmlOf(consentPage(look, asking()))).length).toBeLessThan(6 * 1024);
  });
});

test("every text can be set", async () => {
  const names = Object.keys(textsOf("x")) as (keyof Texts)[];
  const own = Object.fromEntries(names.map((name) => [name, `«${name}»`]));
  const mine = lookOf(app, { texts: own });
  const shown = await Promise.all(
    [
      consentPage(
        mine,
        asking({ verified: false, host: "localhost" }, { problem: mine.texts.off }),
      ),
      toolsPage(mine, asking(), proven, "p"),
      devicePage(mine, { ...device, code: "c", action: "a" }),
      codePage(mine, "a", "c"),
      devicePageDone(mine, true),
      devicePageDone(mine, false),
      problemPage(mine, { message: "m" }),
      visitPage(mine, { app, origin }),
    ].map((page) => htmlOf(page, mine)),
  );
  const all = shown.join("");
  expect(all).not.toMatch(/>[A-Z][a-z]+ (?:to|the|it|a|may|is) /);
  expect(names.filter((name) => all.includes(`«${name}»`)).length).toBeGreaterThan(35);
});

test("the text for agents and terminals says the same as the page", () => {
  const text = visitText(look, { app, origin });
  for (const line of [
    "https://some.convex.site/mcp",
    "## Cursor",
    "claude mcp add",
    app.instructions!,
  ])
    expect(text).toContain(line);
  expect(text).not.toContain("<");
});
