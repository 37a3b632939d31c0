/** The check of the bundle must turn red for code that works in Node and not on Convex. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findCycle } from "../.ci/cycles";
import { load } from "../.ci/runtime/load";
import { missingGlobals } from "../.ci/runtime/missingGlobals";

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

describe("imports in a circle", () => {
  const project = async (modules: Record<string, string>): Promise<string> => {
    const root = await mkdtemp(path.join(dir, "cycles-"));
    for (const [file, text] of Object.entries(modules)) {
      await mkdir(path.dirname(path.join(root, file)), { recursive: true });
      await writeFile(path.join(root, file), text);
    }
    return root;
  };

  test("are found, through a folder in between", async () => {
    const root = await project({
      "convex/http.ts": 'export { a } from "../src/a";',
      "src/a.ts": 'import { b } from "./deep/b";\nexport const a = [b];',
      "src/deep/b.ts": 'import { a } from "../a";\nexport const b = () => a;',
    });
    expect(await findCycle(root)).toBe("src/deep/b.ts -> src/a.ts -> src/deep/b.ts");
  });

  test("do not count if only types go round", async () => {
    const root = await project({
      "convex/http.ts": 'export { a } from "../src/a";',
      "src/a.ts": 'import { b } from "./b";\nexport const a = b;\nexport type A = typeof a;',
      "src/b.ts": 'import type { A } from "./a";\nexport const b: A | 1 = 1;',
    });
    expect(await findCycle(root)).toBeUndefined();
  });
});
