/**
 * What a line says of its tool beside its schemas: titles, hints, icons and `_meta`.
 *
 * @spec MCP 2025-11-25 server/tools
 * @spec MCP 2026-07-28 server/tools
 */
import fc from "fast-check";
import { anyApi, type FunctionReference } from "convex/server";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { internalQuery } from "../../convex/_generated/server";
import { prompt, resource, tool, type Icon } from "../../src/entry/tools";
import { titleOf } from "../../src/registry/titles";
import { newApp } from "../support/app";
import { issueKey, listTools, rpc, SITE_URL, type Backend } from "../support/gate";

const read = internalQuery({ args: {}, handler: () => ({ text: "", messages: [] }) });
const ref = anyApi.probe!.read as unknown as FunctionReference<"query", "internal">;

const spec = { permission: "products:read", description: "A test." };
const icon: Icon = { src: "https://a.example/a.png", mimeType: "image/png", sizes: ["48x48"] };

const one = (more: object) => () => ({ ...tool.query(ref, spec), ...more });

const good = {
  things_search: one({}),
  thingsOfURLs: one({ kind: "mutation" }),
  stated: one({
    title: "Say it",
    openWorld: true,
    icons: [icon, { src: "/b.png" }],
    meta: { "a.b/c": [1, { d: null }] },
  }),
  adds: one({ kind: "mutation", destructive: false, idempotent: true }),
  long: one({ maxResultChars: 100_000, meta: { x: "y" } }),
};

const bad = {
  taken: [
    { meta: { "anthropic/maxResultSizeChars": 9 } },
    'meta: the server sets "anthropic/maxResultSizeChars" by itself: state `maxResultChars` in the line',
  ],
  page: [{ meta: { ui: {} } }, 'the server sets "ui" by itself: state `ui` in the line'],
  flat: [{ meta: { "ui/resourceUri": "ui://x" } }, 'the server sets "ui/resourceUri" by itself'],
  ours: [{ meta: { "toolgate/x": 1 } }, 'meta: "toolgate/x" has a prefix that is not yours'],
  theirs: [{ meta: { "io.modelcontextprotocol/x": 1 } }, "has a prefix that is not yours"],
  spaced: [{ meta: { "a b": 1 } }, 'meta: "a b" is no key of _meta'],
  big: [{ meta: { n: 1n } }, 'meta: "n" holds what JSON cannot'],
  nan: [{ meta: { n: { deep: [NaN] } } }, 'meta: "n" holds what JSON cannot'],
  fn: [{ meta: { n: () => 1 } }, 'meta: "n" holds what JSON cannot'],
  none: [{ maxResultChars: 0 }, "maxResultChars: expected an integer from 1 to 262144"],
  most: [{ maxResultChars: 262_145 }, "maxResultChars: expected an integer from 1 to 262144"],
  never: [{ maxInline: -1 }, "maxInline: expected a number of seconds, from 0"],
  unset: [{ maxInline: NaN }, "maxInline: expected a number of seconds, from 0"],
  inline: [{ icons: [icon, { src: "data:image/png;base64,AA" }] }, "an icon has an https URL"],
  plain: [{ icons: [{ src: "http://a.example/a.png" }] }, "an icon has an https URL"],
} as const;

let t: Backend;
let key: string;
let said: string[];
let listed: Record<string, Record<string, unknown>>;

beforeAll(async () => {
  const lines = Object.entries(bad).map(([name, [more]]) => [name, one(more)] as const);
  const tools = { ...good, ...Object.fromEntries(lines) };
  const resources = {
    "x://a": () => resource(ref, { ...spec, name: "price_list", mimeType: "text/plain" }),
    "x://{b}": () => resource(ref, { ...spec, name: "b", title: "Bee", mimeType: "text/plain" }),
  };
  const prompts = { ask_it: () => prompt(ref, spec) };
  t = newApp({ registry: { tools, resources, prompts }, functions: { probe: { read } } });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  ({ key } = await issueKey(t));
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  listed = Object.fromEntries((await listTools(t, key)).map((tool) => [tool.name, tool as never]));
  said = warn.mock.calls.flat().map(String);
  warn.mockRestore();
});

test("a title and all hints, stated or not", () => {
  expect(Object.keys(listed)).toEqual(Object.keys(good));
  const hints = (name: string) => {
    const { title, annotations } = listed[name]!;
    const { title: inside, ...rest } = annotations as Record<string, unknown>;
    expect(inside).toBe(title);
    return [title, ...Object.entries(rest).map(([hint, is]) => `${hint} ${String(is)}`)];
  };
  const all = (r: boolean, d: boolean, i: boolean, o: boolean) => [
    ...[`readOnlyHint ${r}`, `destructiveHint ${d}`, `idempotentHint ${i}`, `openWorldHint ${o}`],
  ];
  expect(hints("things_search")).toEqual(["Things search", ...all(true, false, true, false)]);
  // A line that says nothing of a tool that writes: the worst is announced.
  expect(hints("thingsOfURLs")).toEqual(["Things of URLs", ...all(false, true, false, false)]);
  expect(hints("stated")).toEqual(["Say it", ...all(true, false, true, true)]);
  expect(hints("adds")).toEqual(["Adds", ...all(false, false, true, false)]);
});

test("icons and _meta, where a line states them", () => {
  const own = { src: `${SITE_URL}/b.png` };
  expect(listed.stated).toMatchObject({ icons: [icon, own], _meta: { "a.b/c": [1, { d: null }] } });
  expect(listed.long!._meta).toEqual({ x: "y", "anthropic/maxResultSizeChars": 100_000 });
  expect(listed.things_search).not.toHaveProperty("_meta");
  expect(listed.things_search).not.toHaveProperty("icons");
});

test.each(Object.entries(bad))("left out and named: %s", (name, [, why]) => {
  const [line, ...others] = said.filter((one) => one.includes(`"${name}"`));
  expect(line).toContain(`Tool ${name}: `);
  expect(line).toContain(why);
  expect(others).toEqual([]);
});

test("resources, templates and prompts have titles too", async () => {
  const list = async (method: string) => (await rpc(t, key, method)).json.result;
  expect(await list("resources/list")).toMatchObject({ resources: [{ title: "Price list" }] });
  expect(await list("resources/templates/list")).toMatchObject({
    resourceTemplates: [{ title: "Bee" }],
  });
  expect(await list("prompts/list")).toMatchObject({ prompts: [{ title: "Ask it" }] });
});

describe("a title that is made of a name", () => {
  test.each([
    ["customers_search", "Customers search"],
    ["jobs_get", "Jobs get"],
    ["product sheet", "Product sheet"],
    ["orders-list", "Orders list"],
    ["listOrders", "List orders"],
    ["getURL", "Get URL"],
    ["_", "_"],
  ])("%s", (name, title) => {
    expect(titleOf(name)).toBe(title);
    expect(titleOf(name, "Other")).toBe("Other");
  });

  test("is never empty, and has no underscores", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/), (name) => {
        const title = titleOf(name);
        return title !== "" && (title === name || !/[_-]/.test(title)) && !/^[a-z]/.test(title);
      }),
    );
  });
});
