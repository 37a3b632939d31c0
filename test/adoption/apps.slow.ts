/**
 * Toolgate in five apps that know nothing of it: the packed package is installed, `init` and `add` are run, functions of the app are bound
 * as they are, and what comes out compiles, bundles, answers and can be taken out again. Needs the package registry.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { CODEGEN, edit, newForeignApp, packOnce, shell, type ForeignApp } from "./foreignApp";
import { newLines } from "./newLines";

const MINUTES = 60_000;

/** What is bound in each app. */
interface Case {
  readonly name: string;
  readonly chosen: readonly string[];
  /** Functions that know their user, in a module of their own. */
  readonly agents?: string;
  /** Said in defineToolgate. */
  readonly errors?: string;
}

const asUser = (issuer: string, module: string, exported: Readonly<Record<string, string>>) =>
  [
    'import { asUser } from "toolgate/functions";',
    `import * as ${module} from "./${module}";`,
    `const asCaller = asUser(({ subject }) => ({ subject, issuer: "${issuer}" }));`,
    ...Object.entries(exported).map(
      ([as, name]) => `export const ${as} = asCaller(${module}.${name});`,
    ),
    "",
  ].join("\n");

const cases: readonly Case[] = [
  {
    name: "crm",
    chosen: ["contacts:list", "contacts:create", "deals:importLines"],
    errors:
      '(error) => ((globalThis as { hidesErrors?: boolean }).hidesErrors ? undefined : { code: "failed", message: error.message })',
  },
  {
    name: "recipes",
    chosen: ["agents:*", "recipes:scale"],
    agents: asUser("https://clerk.example", "recipes", { mine: "mine", add: "add" }),
  },
  {
    name: "desk",
    chosen: ["tickets/queries:byStatus", "tickets/mutations:open", "tickets/mutations:comment"],
  },
  {
    name: "clinic",
    chosen: ["agents:*", "visits:record"],
    agents: asUser("https://clinic", "patients", { list: "list", admit: "admit" }),
  },
  { name: "starter", chosen: ["tasks:*"] },
];

const { folders, tarball } = packOnce();

/** Path → text of all that the app has in its folder of functions, but for what codegen writes. */
const sourcesOf = async ({ functions }: ForeignApp): Promise<Map<string, string>> => {
  const files = (await readdir(functions, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("_generated"))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const texts = files.map(async (file) => [
    path.relative(functions, file),
    await readFile(file, "utf8"),
  ]);
  return new Map((await Promise.all(texts)) as [string, string][]);
};

describe.each(cases)("$name", ({ name, chosen, agents, errors }) => {
  let app: ForeignApp;
  let before: Map<string, string>;

  beforeAll(async () => {
    app = await newForeignApp(name);
    folders.push(app.folder);
    before = await sourcesOf(app);
    await app.install(tarball());
  }, 4 * MINUTES);

  const run = (line: string) => shell(app.app, line);

  test(
    "init writes the glue, and twice changes nothing",
    async () => {
      expect(await run("npx toolgate init --yes")).toContain("toolgate");
      const once = await sourcesOf(app);
      await run("npx toolgate init --yes");
      expect(await sourcesOf(app)).toEqual(once);
      await run(CODEGEN);
    },
    3 * MINUTES,
  );

  test(
    "three functions are bound as they are, and nothing else",
    async () => {
      if (agents !== undefined) await writeFile(path.join(app.functions, "agents.ts"), agents);
      await run(CODEGEN);
      await run(`npx toolgate add ${chosen.map((one) => `'${one}'`).join(" ")} --yes`);
      const tools = path.join(app.functions, "toolgate/tools.ts");
      const text = (await readFile(tools, "utf8")).replace(
        /TODO: say what \w+ does[^"']*/g,
        "Does it.",
      );
      await writeFile(tools, text);
      if (errors !== undefined)
        await edit(tools, /permissions, tools,$/m, `permissions, tools, errors: ${errors},`);
      expect(text.match(/: \(\) => tool\./g)).toHaveLength(3);
      for (const [file, source] of before)
        if (!/^(schema|http|crons)\.ts$/.test(file))
          expect([file, (await sourcesOf(app)).get(file)]).toEqual([file, source]);
    },
    3 * MINUTES,
  );

  test("the glue has at most 8 files, and all that is new at most 60 lines", async () => {
    const after = await sourcesOf(app);
    after.delete("agents.ts");
    const glue = [...after.keys()].filter((file) => file.startsWith("toolgate/"));
    expect(glue.length).toBeLessThanOrEqual(8);
    const lines = newLines(Object.fromEntries(before), Object.fromEntries(after));
    console.log(`${name}: ${glue.length} files, ${lines} lines`);
    expect(lines).toBeLessThanOrEqual(60);
  });

  test(
    "it compiles under the app's own settings, and Convex's bundler takes it",
    async () => {
      await run(CODEGEN);
      expect(await run(`npx tsc -p ${path.relative(app.app, app.functions)}`)).toBe("");
      const address = "--url http://127.0.0.1:9 --admin-key 'x|y'";
      const skip = "--typecheck=disable --codegen=disable -y";
      await run(`npx convex deploy --debug-bundle-path bundle ${address} ${skip}`);
      expect(await readdir(path.join(app.app, "bundle"), { recursive: true })).toContain(
        "isolate/toolgate/gate.js",
      );
      await run("rm -r bundle");
    },
    4 * MINUTES,
  );

  test(
    "check finds nothing wrong",
    async () => {
      expect(await run("npx toolgate check")).toContain("0 faults");
    },
    3 * MINUTES,
  );

  test(
    "its tools answer over HTTP, and the app's own tests still pass",
    async () => {
      const proof = await readFile(path.join(import.meta.dirname, "proofs", `${name}.ts`), "utf8");
      await writeFile(path.join(app.functions, "adopted.test.ts"), proof);
      expect(await run(`npx tsc -p ${path.relative(app.app, app.functions)}`)).toBe("");
      await run("npx vitest run --testTimeout=30000");
      await run(`rm ${path.join(app.functions, "adopted.test.ts")}`);
    },
    4 * MINUTES,
  );
});
