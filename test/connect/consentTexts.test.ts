/** What a person reads on the page of consent, and what its form asks. */
import { describe, expect, test } from "vitest";
import { consentPage, toolsPage } from "../../src/connect/pages/consent";
import type { Client } from "../../src/data/values";
import { look, asking, proven, htmlOf } from "./samplePages";

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
