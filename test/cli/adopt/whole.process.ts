/** The whole way in and out: the smallest example is what the commands write, and docs/uninstall.md takes all of it away. */
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { newLines } from "../../adoption/newLines";
import { toolgate } from "./command";
import { filesOf, foreignProject, newProject } from "./project";

const example = path.resolve(import.meta.dirname, "../../../examples/smallest");

/** The schema of the example, before Toolgate. */
const SCHEMA = `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  notes: defineTable({ text: v.string() }),
});
`;

/** Written by Convex, by hand, or about the example. */
const isOfNone = (file: string): boolean => /_generated|README|\.test\.ts$/.test(file);

const withoutVersion = (files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files)
      .filter(([file]) => !isOfNone(file))
      .map(([file, text]) => [file, text.replace(/\(toolgate \d[^)]*\)/, "(toolgate)")]),
  );

test("examples/smallest is what init and add make of its bare app", async () => {
  const shown = await filesOf(example);
  const app = await newProject({
    ...Object.fromEntries(
      ["package.json", "convex/notes.ts", "convex/tsconfig.json"].map((file) => [
        file,
        shown[file] ?? "",
      ]),
    ),
    "convex/schema.ts": SCHEMA,
  });
  expect((await toolgate(app, "init", "--yes")).code).toBe(0);
  expect((await toolgate(app, "add", "notes", "--yes")).code).toBe(0);
  const made = await filesOf(app);
  expect(withoutVersion(made)).toEqual(withoutVersion(shown));
  const check = await toolgate(app, "check");
  expect([check.code, check.stdout]).toEqual([0, expect.stringContaining("2 tools; 0 faults")]);
});

// All five foreign apps, with what they are bound by: `npm run adoption`.
test.each([
  ["crm", ["contacts:list", "contacts:create", "deals:importLines"]],
  ["starter", ["tasks:*"]],
])(
  "%s with three tools has at most 8 new files beside its own, and 60 new lines",
  async (...row) => {
    const [name, tools] = row;
    const app = await foreignProject(name);
    const before = await filesOf(app);
    expect((await toolgate(app, "init", "--yes")).code).toBe(0);
    expect((await toolgate(app, "add", ...tools, "--yes")).code).toBe(0);
    const after = await filesOf(app);
    const glue = Object.keys(after).filter((file) => file.startsWith("convex/toolgate/"));
    expect(glue.length).toBeLessThanOrEqual(8);
    const bound = after["convex/toolgate/tools.ts"]!.match(/: \(\) => tool\./g);
    expect(bound).toHaveLength(3);
    expect(newLines(before, after)).toBeLessThanOrEqual(60);
  },
);

/** What docs/uninstall.md says of files that were there before. */
const cleaned = (text: string): string =>
  text
    .replace(/\n\n?registerRoutes\(http, .*/, "")
    .split("\n")
    .filter((line) => !line.includes("toolgate"))
    .join("\n");

const OWN = ["http", "crons", "schema"];

test.each([
  ["crm", "contacts:search"],
  ["clinic", "visits:record"],
])("%s is as it was, byte for byte, after docs/uninstall.md", async (name, tool) => {
  const app = await foreignProject(name);
  const before = await filesOf(app);
  expect((await toolgate(app, "init", "--yes")).code).toBe(0);
  expect((await toolgate(app, "add", tool, "--yes")).code).toBe(0);
  const installed = await filesOf(app);
  await rm(path.join(app, "convex/toolgate"), { recursive: true });
  for (const module of OWN) {
    const file = `convex/${module}.ts`;
    if (file in before) await writeFile(path.join(app, file), cleaned(installed[file] ?? ""));
    else await rm(path.join(app, file));
  }
  expect(await filesOf(app)).toEqual(before);
});
