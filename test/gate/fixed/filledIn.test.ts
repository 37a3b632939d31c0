/** The server fills in what a key fixes, before anything looks at the arguments. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rows } from "../../support/gate";
import { ACME, call, calls, companies, t, text, update } from "./app";

describe("a fixed argument is filled in", () => {
  test.each(["list", "add", "mail"])("for %s, and the audit log has it", async (name) => {
    const sent = { text: `of ${name}` };
    calls.length = 0;
    const { structuredContent } = await call(name, sent);
    expect(structuredContent).toEqual({ ...ACME, ...sent });
    const row = (await rows(t, "toolgateAudit")).findLast(({ tool: called }) => called === name);
    const started = (await rows(t, "toolgateAudit")).find(
      (one) => one.operation === row?.operation,
    );
    expect(JSON.parse(started?.arguments ?? "")).toEqual({ ...ACME, ...sent });
    if (name === "add") expect(calls).toEqual(["toolgate/gate:admit"]);
    if (name === "list") expect(calls).toEqual(["toolgate/gate:admit", "toolgate/reading:read"]);
  });

  test("before a tool's precheck", async () => {
    await update({ fixed: { mail: { company: "globex" } } });
    expect(text(await call("mail", { text: "x" }))).toBe("not_found: No such company.");
  });

  test("beside arguments that are mended", async () => {
    for (const name of ["list", "add", "mail"]) {
      const { structuredContent } = await call(name, { text: `mended ${name}`, size: "5" });
      expect(structuredContent).toEqual({ ...ACME, text: `mended ${name}`, size: 5 });
    }
  });

  test("before constraints look at it", async () => {
    const constraints = { list: { company: { oneOf: ["acme"] } } };
    await update({ constraints });
    expect((await call("list", { text: "x" })).isError).toBeUndefined();
    await update({ fixed: { list: { company: "globex" } } });
    expect(text(await call("list", { text: "x" }))).toMatch(/^not_allowed: company: /);
    await update({ constraints: null });
  });

  test("before idempotency compares: another fixed value is another call", async () => {
    const args = { text: "once", idempotencyKey: "12345678" };
    const first = await call("add", args);
    expect((await call("add", args))._meta).toMatchObject({ "toolgate/replayed": true });
    expect(text(await call("add", { ...args, company: "acme" }))).toContain("no such argument");
    await update({ fixed: { add: { company: "globex" } } });
    expect(text(await call("add", args))).toMatch(/^idempotency_mismatch: /);
    await update({ fixed: null });
    expect((await call("add", { ...args, company: "acme" })).structuredContent).toEqual(
      first.structuredContent,
    );
    expect((await companies()).filter((one) => one.endsWith("once"))).toEqual(["acme: once"]);
  });

  test("as if the client had sent it, whatever it is (property)", async () => {
    const json = fc
      .jsonValue({ maxDepth: 2 })
      // As it is on the wire, where there is no -0.
      .map((one) => JSON.parse(JSON.stringify(one)) as unknown)
      .filter((one) => !/__proto__|\\u/.test(JSON.stringify(one)));
    const some = fc.dictionary(fc.constantFrom("a", "b", "c"), json);
    const named = (one: unknown): boolean =>
      typeof one !== "object" ||
      one === null ||
      Object.entries(one).every(
        ([name, member]) => (Array.isArray(one) || /^[a-z]\w*$/i.test(name)) && named(member),
      );
    await fc.assert(
      fc.asyncProperty(some.filter(named), some.filter(named), async (set, sent) => {
        await update({ fixed: { echo: set } });
        const result = await call("echo", sent);
        if (Object.keys(sent).some((name) => name in set)) expect(result.isError).toBe(true);
        else expect(result.structuredContent).toEqual({ ...sent, ...set });
      }),
      { numRuns: 30 },
    );
  });
});
