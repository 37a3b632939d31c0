/** The check of the bundle must turn red for code that works in Node and not on Convex. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { load } from "./runtime/load";
import { missingGlobals } from "./runtime/missingGlobals";
import { findings, type Mistake } from "./mistake";

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

describe("the drives", () => {
  test("pass as the source is", async () => {
    expect(await findings()).toEqual({});
  });

  const streams = ["stream, 2025-11-25", "stream, 2026-07-28"];
  const leaving = ["leaving, 2025-11-25", "leaving, 2026-07-28"];
  const calls = ["calls, 2025-11-25", "calls, 2026-07-28"];

  type Case = Mistake & {
    readonly mistake: string;
    readonly drives: readonly string[];
    readonly says: RegExp;
  };

  const held = "mcp/waiting/poll.ts";
  const onAbort = `signal.addEventListener("abort", resolve);`;

  test.each<Case>([
    {
      mistake: "queueMicrotask on the way to a stream",
      ...{ file: "base/sleep.ts", from: "timer = setTimeout(resolve, ms, undefined);" },
      to: "queueMicrotask(() => { timer = setTimeout(resolve, ms, undefined); });",
      drives: [...streams, ...leaving],
      says: /logged: .*queueMicrotask is not defined/,
    },
    {
      mistake: "Buffer for a digest",
      ...{ file: "auth/pepper.ts", from: "encoder.encode(key)" },
      to: "Buffer.from(key)",
      drives: [...calls, ...streams, ...leaving],
      says: /answered 500, not 200: .*logged: .*Buffer is not defined/,
    },
    {
      mistake: "a listener that another signal is to remove",
      ...{ file: held, from: onAbort },
      to: `signal.addEventListener("abort", resolve, { signal: new AbortController().signal });`,
      drives: [...streams, ...leaving],
      says: /logged: .*the option `signal` is ignored/,
    },
    {
      mistake: "a listener that is an object",
      ...{ file: held, from: onAbort },
      to: `signal.addEventListener("abort", { handleEvent: resolve });`,
      drives: [...streams, ...leaving],
      says: /logged: .*a listener that is an object fails/,
    },
    {
      mistake: "a wait that does not listen for the client",
      ...{ file: held, from: onAbort },
      to: "",
      drives: leaving,
      says: /^the body did not end in time/,
    },
    {
      mistake: "sending until the stream is cancelled",
      ...{ file: "wire/sse.ts", from: "cancelled || signal.aborted" },
      to: "cancelled",
      drives: leaving,
      says: /^what was sent after the client had left is /,
    },
    {
      mistake: "a stream that only a cancelling client ends",
      ...{ file: "wire/sse.ts", from: "if (!cancelled) controller.close();" },
      to: "if (cancelled) controller.close();",
      drives: [...streams, ...leaving],
      says: /^the body did not end in time/,
    },
    {
      mistake: "a loop that does not see its client leave",
      ...{ file: "mcp/waiting/poll.ts", from: "found !== undefined || signal.aborted ||" },
      to: "found !== undefined ||",
      drives: leaving,
      says: /^asked Convex \d+ times/,
    },
    {
      mistake: "a stream of texts",
      ...{ file: "wire/sse.ts", from: "controller.enqueue(encoder.encode(text));" },
      to: "controller.enqueue(text as never);",
      drives: [...streams, ...leaving],
      says: /^the stream holds a string, not bytes/,
    },
    {
      mistake: "a keep-alive that comes too late",
      ...{ file: "wire/sse.ts", from: "KEEP_ALIVE_MS = 14_500" },
      to: "KEEP_ALIVE_MS = 30_000",
      drives: ["stream, 2026-07-28", ...leaving],
      says: /^was silent for /,
    },
    {
      mistake: "a stream lease that is not given back",
      ...{
        file: "mcp/dispatcher.ts",
        from: "if (streamLease !== undefined) await releaseStreamLease(exchange);",
      },
      to: "",
      drives: [...streams, ...leaving],
      says: /^its lease at the end is /,
    },
    {
      mistake: "a query that is called as a mutation",
      ...{ file: "mcp/methods/tools.ts", from: `ctx.runQuery<Glue["catalog:list"]>(` },
      to: "(ctx.runMutation as typeof ctx.runQuery)(",
      drives: calls,
      says: /logged: .*asked Convex for mutation toolgate\/catalog:list/,
    },
    {
      mistake: "a list of what the role may not use",
      ...{ file: "mcp/methods/tools.ts", from: `authorize(rights, { kind: "tool", name }, tool)` },
      to: "true",
      drives: calls,
      says: /^the list is .*periods_close/,
    },
    {
      mistake: "an origin that is not checked",
      ...{
        file: "middleware/originCheck.ts",
        from: "origin !== null && !isAllowed(origin, options)",
      },
      to: "origin === undefined",
      drives: ["foreign origin"],
      says: /^answered 200, not 403/,
    },
    {
      mistake: "a preflight that goes on to the key",
      ...{
        file: "middleware/originCheck.ts",
        from: `request.method === "OPTIONS" ? preflight(request, methods) :`,
      },
      to: "preflight === undefined ? preflight(request, methods) :",
      drives: ["preflight"],
      says: /^answered 401, not 204/,
    },
  ])("find $mistake", async ({ drives, says, ...mistake }) => {
    const found = await findings(mistake);
    expect(Object.keys(found).sort()).toEqual([...drives].sort());
    for (const line of Object.values(found)) expect(line).toMatch(says);
  });
});
