/** What the build makes of the library's modules does what they did, evaluates no more than is used, and is told no names. */
import path from "node:path";
import { runInNewContext } from "node:vm";
import { build } from "esbuild";
import ts from "typescript";
import { expect, test } from "vitest";
import { lazily, RUNTIME } from "../.ci/lazy/lazy";
import { valuesOf } from "../.ci/lazy/names";

type Files = Readonly<Record<string, string>>;

/** The files of a package, each made as the build makes it. */
const made = (files: Files): Map<string, string> => {
  const values = new Map(
    Object.entries(files)
      .filter(([file]) => !file.startsWith("/src/entry/"))
      .map(([file, text]) => [
        file,
        valuesOf(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext)),
      ]),
  );
  const options: ts.TranspileOptions = {
    compilerOptions: {
      ...{ target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
      verbatimModuleSyntax: true,
    },
    transformers: { before: [lazily((file) => values.get(file), "/src")] },
  };
  const texts = Object.entries(files).map(([file, text]): [string, string] => [
    file.replace(/ts$/, "js"),
    ts.transpileModule(text, { ...options, fileName: file }).outputText,
  ]);
  return new Map([...texts, [`/src/${RUNTIME.file}`, RUNTIME.text]]);
};

/** What an app deploys that imports a door: its bundle, by the options of Convex's bundler. */
const bundled = async (files: Files, app: string): Promise<string> => {
  const texts = made(files);
  const { outputFiles } = await build({
    ...{ stdin: { contents: app, resolveDir: "/", sourcefile: "/app.js" }, write: false },
    ...{ bundle: true, format: "iife", globalName: "app", keepNames: true, minifySyntax: true },
    plugins: [
      {
        name: "files",
        setup: (own) => {
          own.onResolve({ filter: /^[./]/ }, ({ path: to, importer }) => ({
            ...{ path: `${path.resolve(path.dirname(importer), to)}.js`, namespace: "files" },
            sideEffects: false,
          }));
          own.onLoad({ filter: /./, namespace: "files" }, ({ path: file }) => ({
            contents: texts.get(file) ?? "",
          }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? "";
};

/** Evaluates an app, with `log` as a global that modules can push to. */
const run = async (files: Files, app: string) => {
  const log: string[] = [];
  const script = await bundled(files, app);
  const exports = runInNewContext(`${script}; app`, { log }) as Record<string, unknown>;
  return { exports, log };
};

test("a module is evaluated when something of it is first used, and once", async () => {
  const { exports, log } = await run(
    {
      "/src/entry/door.ts": 'export { a } from "../a";',
      "/src/a.ts": 'import { b, c } from "./b";\nlog.push("a");\nexport const a = () => b() + c;',
      "/src/b.ts": 'log.push("b");\nexport const b = () => 1;\nexport const c = 2;',
    },
    'export { a } from "/src/entry/door";',
  );
  expect(log).toEqual(["a"]);
  const a = exports.a as () => number;
  expect([a(), a(), ...log]).toEqual([3, 3, "a", "b"]);
});

test("comments stay in the source, but for the mark of what may be left out", () => {
  const text = made({
    "/src/a.ts":
      "/** What it is. */\nexport const a = () => {\n  // Why.\n  return 1; /* So. */\n};\n// The end.\n",
  }).get("/src/a.js")!;
  expect(text.match(/\/\*.*?\*\/|\/\/.*/g)).toEqual(["/* @__PURE__ */"]);
  expect(text).toContain("return 1;");
});

test("a use is one, whatever it looks like, and a member of the same name is none", async () => {
  const uses = `
    import { Base, base as other, fn, value, type Kind } from "./b";
    type Own = typeof value & Kind;
    class Derived extends Base { value = value; fn() { return fn(); } }
    const { fn: own = fn, ...rest }: { fn?: () => number; value?: number } = { value: 5 };
    export const a = (given = value): unknown[] => [
      { value }, { value: 2 }.value, new Base().name, new Derived().value, new Derived().fn(),
      other instanceof Base, own(), rest.value, given as Own, \`\${value}\`, [value].map(fn), { fn }.fn(),
    ];`;
  const { exports } = await run(
    {
      "/src/entry/door.ts": 'export { a as all } from "../a";',
      "/src/a.ts": uses,
      "/src/b.ts":
        'export type Kind = number;\nexport class Base { name = "base"; }\nexport const value = 1, fn = () => 7;\nexport const base = new Base();',
    },
    'export { all } from "/src/entry/door";',
  );
  const all = exports.all as () => unknown[];
  expect(JSON.stringify(all())).toBe(
    JSON.stringify([{ value: 1 }, 2, "base", 1, 7, true, 7, 5, 1, "1", [7], 7]),
  );
});

test("two doors share a module, and what the app does not use of a door is left out", async () => {
  const files = {
    "/src/entry/one.ts": 'export { Fault } from "../fault";\nexport { heavy } from "../heavy";',
    "/src/entry/two.ts":
      'import { Fault } from "../fault";\nexport type { Fault };\nexport const fail = () => new Fault("no");',
    "/src/fault.ts": "export class Fault extends Error {}",
    "/src/heavy.ts": 'export const heavy = "a great deal";',
  };
  const app = `import { Fault } from "/src/entry/one";\nimport { fail } from "/src/entry/two";
    export const same = fail() instanceof Fault;`;
  expect((await run(files, app)).exports.same).toBe(true);
  const script = await bundled(files, app);
  expect([script.includes("Fault"), script.includes("a great deal")]).toEqual([true, false]);
});

test("no function of a module is told its name", async () => {
  const module = `
    export const a = () => 1, b = function () { return 2; };
    const inner = (c = () => 3, { d = () => 4 } = {}) => { const e = () => 5; return [c, d, e]; };
    export const all = { f: () => 6, g() { return 7; }, h: inner };`;
  const files = { "/src/entry/door.ts": 'export { a, b, all } from "../a";', "/src/a.ts": module };
  const app = 'export { a, b, all } from "/src/entry/door";';
  // `lazy` and `pick` themselves are.
  expect((await bundled(files, app)).match(/__name\(/g)).toHaveLength(2);
  const { exports } = await run(files, app);
  const { a, all } = exports as { a: () => number; all: { f: () => number; h: () => unknown[] } };
  expect([a(), all.f(), all.f.name, all.h().length]).toEqual([1, 6, "f", 3]);
});

test("a file elsewhere uses modules, and keeps the names of its functions", () => {
  const [text] = made({
    "/cli/main.ts": 'import { a } from "../src/a";\nexport const main = () => a();',
    "/src/a.ts": "export const a = () => 1;",
  }).values();
  expect(text).toContain('import a_1 from "../src/a"');
  expect(text).toContain("main = () => a_1()[0]()");
});

test.each([
  ["hides an import", 'import { b } from "./b";\nexport const a = (b: number) => b;'],
  ["hides an import", 'import { b } from "./b";\nexport const a = () => { const { b } = {}; };'],
  ["no c in ./b", 'import { c } from "./b";\nexport const a = c;'],
  ["exports what it does not declare", 'export { b } from "./b";'],
  ["exports what it does not declare", "const a = 1;\nexport { a };"],
  ["An export has one name", "export const { a } = { a: 1 };"],
])("the build says what it cannot make lazy: %s", (message, text) => {
  expect(() => made({ "/src/a.ts": text, "/src/b.ts": "export const b = 1;" })).toThrow(message);
});
