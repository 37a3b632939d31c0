/** The pages: nothing that others wrote can act in them, and browsers take them as they are meant. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { app } from "../../convex/toolgate/tools";
import { consentPage, toolsPage } from "../../src/connect/pages/consent";
import { codePage, devicePage, devicePageDone } from "../../src/connect/pages/device";
import { lookOf, respond } from "../../src/connect/pages/page";
import { problemPage } from "../../src/connect/pages/problem";
import { style, STYLE_DIGEST } from "../../src/connect/pages/style";
import { textsOf, type Texts } from "../../src/connect/pages/texts";
import { visitPage, visitText } from "../../src/connect/pages/visit";
import { look, origin, asking, proven, device, pagesFor, htmlOf } from "./samplePages";

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
