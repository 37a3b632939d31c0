/** A module of what Convex lacks, or has in a form of its own, must turn the check of the bundle red. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { load } from "./runtime/load";
import { missingGlobals } from "./runtime/missingGlobals";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "toolgate-runtime-"));
});
afterAll(() => rm(dir, { recursive: true }));

const fileWith = async (code: string): Promise<string> => {
  const file = path.join(dir, `${crypto.randomUUID()}.js`);
  await writeFile(file, code);
  return file;
};

const handlerOf = async (file: string) =>
  (await load(file)).exports as { handler: () => Promise<unknown> };

test("refuses Buffer at module scope", async () => {
  const file = await fileWith(`export const bytes = Buffer.from("a");`);
  await expect(load(file)).rejects.toMatchObject({ message: "Buffer is not defined" });
  expect(await missingGlobals(file)).toEqual(["Buffer"]);
});

test("refuses it in an imported module too, and where the value is not used", async () => {
  await writeFile(path.join(dir, "imported.js"), `Buffer.from("a"); export const unused = 1;`);
  const file = await fileWith(`import { unused } from "./imported"; export const other = 2;`);
  await expect(load(file)).rejects.toMatchObject({ message: "Buffer is not defined" });
});

test("finds queueMicrotask in a handler, whether it runs or not", async () => {
  const file = await fileWith(
    `export const handler = async () => { await new Promise((done) => queueMicrotask(done)); };`,
  );
  expect(await missingGlobals(file)).toEqual(["queueMicrotask"]);
  const { handler } = await handlerOf(file);
  await expect(handler()).rejects.toMatchObject({ message: "queueMicrotask is not defined" });
});

test("leaves alone what a file declares itself or tests for", async () => {
  const file = await fileWith(`
    const setImmediate = (run) => run();
    export const own = { Buffer: 1, run: () => setImmediate(() => 2) };
    export const agent = typeof navigator === "undefined" ? "none" : navigator.userAgent;
  `);
  expect(await missingGlobals(file)).toEqual([]);
  const { exports } = await load(file);
  expect(exports).toMatchObject({ own: { Buffer: 1 }, agent: "none" });
});

test("gives a module nothing of process but env", async () => {
  const file = await fileWith(`export const known = Object.keys(process);`);
  const { exports } = await load(file);
  expect(exports).toMatchObject({ known: ["env"] });
});

test("refuses Node's own modules", async () => {
  await expect(load(await fileWith(`import "node:fs";`))).rejects.toThrow("node:fs");
});

test("counts and fails what a module asks of Convex", async () => {
  const file = await fileWith(
    `export const handler = async () => Convex.asyncSyscall("1.0/getUserIdentity", "{}");`,
  );
  const { exports, syscalls } = await load(file);
  const { handler } = exports as { handler: () => Promise<unknown> };
  await expect(handler()).rejects.toMatchObject({
    message: "asked Convex for 1.0/getUserIdentity",
  });
  expect(syscalls).toEqual(["1.0/getUserIdentity"]);
});

test("finds what is there in name only", async () => {
  const file = await fileWith(`export const weak = (value) => new WeakRef(value);`);
  expect(await missingGlobals(file)).toEqual(["WeakRef"]);
});

describe("what is there, and other than elsewhere", () => {
  const result = async (expression: string): Promise<unknown> => {
    const file = await fileWith(`export const handler = async () => ${expression};`);
    return (await handlerOf(file)).handler();
  };

  test.each([
    ["a stack of frames only", `/^ +at /.test(new Error("why").stack)`, true],
    [
      "a fatal decoder that does not throw",
      `new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.of(0xff))`,
      undefined,
    ],
    [
      "a decoder that flushes nothing",
      `(() => { const d = new TextDecoder(); d.decode(Uint8Array.of(0xe2), { stream: true }); return d.decode(); })()`,
      "",
    ],
    ["base64 with padding that is wrong", `atob("39=")`, "\u00df"],
    ["headers that stay apart", `[...new Headers([["b", 1], ["A", 2], ["b", 3]]).keys()]`, "b,a,b"],
    ["headers in one text", `new Headers([["b", 1], ["B", 3]]).get("B")`, "1, 3"],
    ["URLs that say whether they parse", `URL.canParse("https://a")`, true],
    ["parameters without a size", `new URLSearchParams("a=1").size`, undefined],
    ["a time that goes on in an action", `Date.now() - new Date().getTime()`, 0],
    ["randomness in an action", `crypto.randomUUID().length + Math.trunc(Math.random())`, 36],
  ])("%s", async (_what, expression, expected) => {
    const found = await result(expression);
    expect(Array.isArray(found) ? found.join(",") : found).toEqual(expected);
  });

  const request = `new Request("https://a.example/", { signal: { aborted: true } })`;

  test.each([
    ["setting the host of a URL", `(new URL("https://a").host = "b")`, "Not implemented: set host"],
    ["the mode of a request", `${request}.mode`, "Not implemented: get mode for Request"],
    ["a status of 101", `new Response(null, { status: 101 })`, "outside the range"],
    ["an encoding that nobody knows", `new TextDecoder("x")`, "not supported"],
    ["Buffer", `Buffer.from("a")`, "Buffer is not defined"],
    ["wrapping keys", `crypto.subtle.wrapKey()`, "is not a function"],
  ])("refuses %s", async (_what, expression, message) => {
    const failed = (await result(expression).catch((error: unknown) => error)) as Error;
    expect(failed.message).toContain(message);
  });

  test("a clone of a request has no signal", async () => {
    expect(await result(`[${request}.signal.aborted, ${request}.clone().signal.aborted]`)).toEqual([
      true,
      false,
    ]);
  });

  test.each([
    ["Math.random()", "Math.random at module scope"],
    ["crypto.randomUUID()", "crypto.randomUUID at module scope"],
    ["crypto.getRandomValues(new Uint8Array(1))", "crypto.getRandomValues at module scope"],
    ["setTimeout(() => 1)", "Can't use setTimeout()"],
    ["fetch('https://a.example')", "Can't use fetch()"],
  ])("refuses %s at module scope", async (expression, message) => {
    const file = await fileWith(`export const value = ${expression};`);
    const failed = (await load(file).catch((error: unknown) => error)) as Error;
    expect(failed.message).toContain(message);
  });

  test("the time at module scope is that of the deploy", async () => {
    const { exports } = await load(await fileWith(`export const at = Date.now();`));
    expect(exports.at).toBeLessThan(Date.now() - 86_400_000);
  });
});

describe.each(["query", "mutation"] as const)("in a %s", (kind) => {
  const result = async (expression: string): Promise<unknown> => {
    const file = await fileWith(`export const handler = async () => ${expression};`);
    const { exports } = await load(file, kind);
    return (exports as { handler: () => Promise<unknown> }).handler();
  };

  test("time stands still", async () => {
    const waits = `{ const at = Date.now(); await crypto.subtle.digest("SHA-256", new Uint8Array(9e6)); return new Date() - at; }`;
    expect(await result(`(async () => ${waits})()`)).toBe(0);
  });

  test("there is randomness for ids, and HMAC", async () => {
    expect(await result(`crypto.randomUUID() !== crypto.randomUUID()`)).toBe(true);
    expect(await result(`crypto.getRandomValues(new Uint8Array(3)).length`)).toBe(3);
    expect(await result(`Math.random() < 1`)).toBe(true);
    const key = `await crypto.subtle.importKey("raw", new Uint8Array(9), { name: "HMAC", hash: "SHA-256" }, false, ["sign"])`;
    const signs = `(await crypto.subtle.sign("HMAC", ${key}, new Uint8Array(1))).byteLength`;
    expect(await result(signs)).toBe(32);
  });

  test.each([
    ["setTimeout(() => 1, 1)", "setTimeout"],
    ["setInterval(() => 1, 1)", "setInterval"],
    ["fetch('https://a.example')", "fetch"],
    [
      `crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, ["sign"])`,
      "cryptographic randomness",
    ],
  ])("%s is refused", async (expression, what) => {
    const failed = (await result(expression).catch((error: unknown) => error)) as Error;
    expect(failed.message).toContain(`Can't use ${what}() in queries and mutations`);
  });
});
