/** `toolgate server-json` and `toolgate plugin`: what directories list a server by. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { ListedTool } from "../../cli/check/report";
import { pluginFiles, pluginNameOf, pluginNotes } from "../../cli/publish/plugin";
import type { Published } from "../../cli/publish/published";
import { proofOf, serverJson } from "../../cli/publish/serverJson";
import { faultsAgainst } from "../support/schemas";
import { toolgate } from "./adopt/command";
import { filesOf, newProject } from "./adopt/project";

const URL_ = new URL("https://erp.acme.example/mcp");

const listed = (name: string, hints: ListedTool["annotations"]): ListedTool => ({
  ...{ name, description: `What ${name}\n does.`, inputSchema: { type: "object" } },
  annotations: hints,
});

const published: Published = {
  server: {
    ...{ name: "Acme ERP", version: "1.2.3", title: "The ERP" },
    description: 'Orders: "all" of Acme.',
    ...{ websiteUrl: "/mcp", instructions: "It answers what is open.\nSearch ids first." },
    icons: [{ src: "/icon.png", mimeType: "image/png", sizes: ["48x48"] }],
  },
  tools: [
    listed("orders_list", { readOnlyHint: true }),
    listed("orders_add", { readOnlyHint: false, destructiveHint: false }),
    listed("orders_drop", { readOnlyHint: false, destructiveHint: true }),
  ],
  prompts: [{ name: "review", description: "Go through orders.", arguments: ["status"] }],
  hasOAuth: true,
};
const withKeys: Published = { ...published, hasOAuth: false };
const bare: Published = {
  server: { name: "x", version: "2", description: "An app.", icons: [] },
  ...{ tools: [], prompts: [], hasOAuth: true },
};
const withServer = (fields: object): Published => ({
  ...published,
  server: { ...published.server, ...fields },
});

describe("server.json", () => {
  test.each([published, withKeys, bare])("has the official form", (one) => {
    const document = JSON.parse(JSON.stringify(serverJson(one, URL_))) as unknown;
    expect(faultsAgainst("server", document)).toEqual([]);
  });

  test("says where the server is, and asks for a key exactly where there is no OAuth", () => {
    expect(JSON.parse(JSON.stringify(serverJson(published, URL_)))).toEqual({
      $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
      name: "example.acme.erp/Acme-ERP",
      title: "The ERP",
      description: 'Orders: "all" of Acme.',
      version: "1.2.3",
      websiteUrl: URL_.href,
      icons: [
        { src: "https://erp.acme.example/icon.png", mimeType: "image/png", sizes: ["48x48"] },
      ],
      remotes: [{ type: "streamable-http", url: URL_.href }],
    });
    expect(serverJson(withKeys, URL_, "io.github.acme/erp")).toMatchObject({
      name: "io.github.acme/erp",
      remotes: [{ headers: [{ name: "Authorization", isRequired: true, isSecret: true }] }],
    });
  });

  test.each([
    ["io.github.acme/erp", "login github      as acme"],
    ["example.acme.erp/erp", "login http --domain erp.acme.example"],
    ["example.acme/erp", "login dns --domain acme.example"],
  ])("%s is proven: %s", (name, step) => {
    expect(proofOf(name, URL_).join("\n")).toContain(step);
  });

  test.each(["erp", "/erp", "acme/", "a/b/c", "acme corp/erp", `a/${"b".repeat(200)}`])(
    "a name that the registry refuses: %s",
    (name) => {
      expect(() => serverJson(published, URL_, name)).toThrow("io.github.acme/erp");
    },
  );

  test.each(["^1.2.3", "~1", ">=1.2.3", "1.x", "1.*", "1.2 || 2", "latest", ""])(
    "a version that the registry refuses: %s",
    (version) => {
      expect(() => serverJson(withServer({ version }), URL_)).toThrow("1.0.0");
    },
  );

  test("a description is asked for", () => {
    expect(() => serverJson(withServer({ description: undefined }), URL_)).toThrow("description");
  });
});

const parsed = (files: ReadonlyMap<string, string>, name: string) =>
  JSON.parse(files.get(name) ?? "null") as Record<string, never>;

describe("a plugin", () => {
  test.each([published, withKeys, bare])("has the official form, and holds no key", (one) => {
    const name = pluginNameOf(one);
    const files = pluginFiles(one, URL_, name);
    expect(faultsAgainst("plugin", parsed(files, "plugin.json"))).toEqual([]);
    expect(faultsAgainst("mcp", parsed(files, "mcp.json"))).toEqual([]);
    expect([...files.keys()]).toContain(`skills/${name}/SKILL.md`);
    expect(files.get("mcp.json")).not.toMatch(/headers|user_config/);
  });

  test("of Claude Code asks its user for the key exactly where there is no OAuth", () => {
    const keyed = pluginFiles(withKeys, URL_, "erp");
    expect(parsed(keyed, ".claude-plugin/plugin.json")).toMatchObject({
      ...{ name: "erp", version: "1.2.3" },
      userConfig: { key: { type: "string", sensitive: true, required: true } },
    });
    expect(parsed(keyed, ".mcp.json")).toEqual({
      mcpServers: {
        erp: {
          ...{ type: "http", url: URL_.href },
          headers: { Authorization: "Bearer ${user_config.key}" },
        },
      },
    });
    const open = pluginFiles(published, URL_, "erp");
    expect(open.get(".claude-plugin/plugin.json")).not.toContain("userConfig");
    expect(open.get(".mcp.json")).not.toContain("headers");
    expect([pluginNotes(withKeys, "erp"), pluginNotes(published, "erp")]).toEqual([
      [expect.stringContaining("Without OAuth")],
      [],
    ]);
  });

  test("has a skill of the app's instructions, tools and prompts", () => {
    const text = pluginFiles(published, URL_, "erp").get("skills/erp/SKILL.md") ?? "";
    const [, name, description = ""] = /^---\nname: (.*)\ndescription: (.*)\n---\n/.exec(text)!;
    expect(name).toBe("erp");
    expect(JSON.parse(description)).toMatch(
      /^Orders: "all" of Acme\. .* It answers what is open\./,
    );
    for (const line of [
      "It answers what is open.\nSearch ids first.",
      "- `orders_list` (only reads): What orders_list does.",
      "- `orders_add` (adds)",
      "- `orders_drop` (changes what is there)",
      "- `review` (status): Go through orders.",
    ])
      expect(text).toContain(line);
    const long = withServer({ instructions: "word ".repeat(500) });
    const [, cut = ""] = /\ndescription: (.*)/.exec(
      pluginFiles(long, URL_, "erp").get("skills/erp/SKILL.md")!,
    )!;
    expect((JSON.parse(cut) as string).length).toBeLessThanOrEqual(1024);
  });

  test("has a name that plugins, servers and skills can have", () => {
    expect(pluginNameOf(published)).toBe("acme-erp");
    expect(pluginNameOf(withServer({ name: "a-".repeat(40) }))).toMatch(/^[a-z-]{1,64}$/);
    for (const name of ["", "Acme", "-a", "a--b", "a.b", "a_b", "../a", "a".repeat(65)])
      expect(() => pluginNameOf(published, name)).toThrow("small letters");
    expect(() => pluginNameOf(withServer({ name: "株式会社" }))).toThrow("--name");
    expect(pluginNotes(published, "a".repeat(20))).toEqual([expect.stringContaining("shorter")]);
  });
});

test("both commands read the app, write nothing over a file, and say what to do", async () => {
  const app = await newProject({
    "convex/notes.ts": `import { query } from "./_generated/server";
/** All notes. */
export const list = query({ args: {}, handler: () => null });
`,
  });
  const at = ["--url", "https://a.convex.site/mcp/"];
  expect((await toolgate(app, "init", "--yes")).code).toBe(0);
  expect((await toolgate(app, "add", "notes:list", "--yes")).code).toBe(0);
  const unsaid = await toolgate(app, "server-json", ...at);
  expect([unsaid.code, unsaid.stderr]).toEqual([1, expect.stringContaining("State a description")]);
  const tools = path.join(app, "convex/toolgate/tools.ts");
  const text = await readFile(tools, "utf8");
  await writeFile(tools, text.replace("title:", 'description: "Notes.", title:'));

  const made = await toolgate(app, "server-json", ...at);
  expect([made.code, made.stdout]).toEqual([
    0,
    expect.stringContaining("Wrote server.json: site.convex.a/probe 1.2.3"),
  ]);
  const written = JSON.parse((await filesOf(app))["server.json"]!);
  expect(written.remotes).toMatchObject([{ url: "https://a.convex.site/mcp", headers: [{}] }]);
  const again = await toolgate(app, "server-json", ...at);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("--force")]);
  expect((await toolgate(app, "server-json", ...at, "--force")).code).toBe(0);

  const plugin = await toolgate(app, "plugin", ...at, "--out", "my/plugin");
  expect([plugin.code, plugin.stderr]).toEqual([0, expect.stringContaining("Without OAuth")]);
  const files = await filesOf(app);
  expect(files["my/plugin/skills/probe/SKILL.md"]).toContain(
    "`notes_list` (only reads): All notes.",
  );
  expect((await toolgate(app, "plugin", ...at, "--out", "my/plugin")).code).toBe(1);
  expect(await filesOf(app)).toEqual(files);
  // Eight commands.
}, 60_000);

test.each([
  ["no URL", "a.convex.site/mcp", "https://"],
  ["no https", "http://127.0.0.1:3211/mcp", "https://"],
  ["not the endpoint", "https://a.convex.site", "/mcp"],
  ["more than the endpoint", "https://a.convex.site/mcp?x=1", "/mcp"],
  ["a password", "https://u:secret@a.convex.site/mcp", "key"],
])("%s is no address of an endpoint", async (_what, url, told) => {
  const app = await newProject({});
  for (const command of [["server-json"], ["plugin", "--out", "x"]]) {
    const { code, stderr } = await toolgate(app, ...command, "--url", url);
    expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
    expect(stderr).not.toContain("secret");
  }
});
