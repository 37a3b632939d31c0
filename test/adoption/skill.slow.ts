/** The skill for coding agents is right for the package as it is: its commands run and its snippets work, in apps that are not ours. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { CODEGEN, newForeignApp, packOnce, shell } from "./foreignApp";

const MINUTES = 60_000;
const root = path.resolve(import.meta.dirname, "../..");
const skill = path.join(root, "skills/toolgate");

const { folders, tarball } = packOnce();

/** A copy of a foreign app, with its packages. */
const newApp = async (name: string): Promise<string> => {
  const { folder, app } = await newForeignApp(name);
  folders.push(folder);
  return app;
};

/** The blocks of code of a page, each with its language. */
const blocksOf = async (page: string) =>
  [...(await readFile(path.join(skill, page), "utf8")).matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
    ([, language = "", text = ""]) => ({ language, text }),
  );

/** The commands of a page, without their comments. */
const commandsOf = async (page: string): Promise<string[]> =>
  (await blocksOf(page))
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.trim().split("\n"))
    .map((line) => line.replace(/\s+#.*$/, ""));

/** Writes a snippet to the file that its first line names, or adds it where that line says. */
const apply = async (app: string, text: string): Promise<void> => {
  const [first = "", file = "", place] = /^\/\/ ([\w./]+)(?:, in `(\w+)`)?\n/.exec(text) ?? [];
  const target = path.join(app, file);
  if (place === undefined) return writeFile(target, text);
  const source = await readFile(target, "utf8");
  const at = source.indexOf("{", source.indexOf(`${place}(`)) + 1;
  await writeFile(target, source.slice(0, at) + text.slice(first.length) + source.slice(at));
};

const snippetsOf = async (page: string): Promise<string[]> =>
  (await blocksOf(page))
    .filter(({ language, text }) => language === "ts" && text.startsWith("// convex/"))
    .map(({ text }) => text);

test(
  "its commands run in an app whose functions they name",
  async () => {
    const app = await newApp("crm");
    const commands = await commandsOf("SKILL.md");
    const here = commands.filter((line) => !/keys create|doctor|^claude|npx convex/.test(line));
    // It reads the app first, and installs what it does that with.
    const [read = "", install = "", ...rest] = here;
    expect(install).toBe("npm install toolgate");
    await shell(app, `npm install --no-audit --no-fund ${tarball()}`);
    expect(JSON.parse(await shell(app, read))).toMatchObject({
      proposals: expect.arrayContaining([expect.objectContaining({ name: "contacts_search" })]),
    });
    expect(rest.length).toBe(4);
    for (const line of rest) await shell(app, line);
    const tools = await readFile(path.join(app, "convex/toolgate/tools.ts"), "utf8");
    expect(tools).toContain("contacts_search:");
    expect(tools).not.toContain("contacts_create:");
    await shell(app, `${CODEGEN} && npx tsc -p convex`);
    // What needs a deployment is at least understood.
    for (const line of commands.filter((one) => /toolgate (keys|doctor|init --oauth)/.test(one)))
      await shell(app, `${line.replace(/ --?\w.*$/, "").replace(/ https?:.*$/, "")} --help`);
  },
  5 * MINUTES,
);

test(
  "its snippets compile, and the test that it demands passes",
  async () => {
    const app = await newApp("starter");
    await shell(app, `npm install --no-audit --no-fund ${tarball()}`);
    await shell(app, "npx toolgate init --yes");
    const schema = path.join(app, "convex/schema.ts");
    const source = await readFile(schema, "utf8");
    await writeFile(
      schema,
      `import { v } from "convex/values";\n${source.replace("{ defineSchema }", "{ defineSchema, defineTable }")}`,
    );
    const snippets = [...(await snippetsOf("references/wiring.md"))];
    snippets.push(...(await snippetsOf("references/verify.md")));
    expect(snippets.length).toBe(4);
    for (const snippet of snippets) await apply(app, snippet);
    await shell(app, CODEGEN);
    await shell(app, "npx toolgate add 'notes:*' agents:add --yes");
    await shell(app, `${CODEGEN} && npx tsc -p convex`);
    const lines = await readFile(path.join(app, "convex/toolgate/tools.ts"), "utf8");
    expect(lines).toContain("tool.mutation(internal.agents.add, {");
    expect(await shell(app, "npx vitest run")).toContain("1 passed");
    // The test can fail: without its check the function gives the note away.
    const notes = path.join(app, "convex/notes.ts");
    const open = (await readFile(notes, "utf8")).replace(
      "note?.author !== principal.subject",
      "note === null",
    );
    await writeFile(notes, open);
    await expect(shell(app, "npx vitest run")).rejects.toThrow("nobody reaches a note");
  },
  5 * MINUTES,
);
