/**
 * What models are shown: pinned to the byte, and valid JSON Schema that says what each tool takes.
 *
 * @spec MCP 2025-11-25 server/tools
 * @spec MCP 2026-07-28 server/tools
 */
/// <reference types="vite/client" />
import { createHash } from "node:crypto";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, test } from "vitest";
import { validatorsOf } from "../../src/fields/checked";
import { keywordsOf } from "../../src/fields/field";
import { read } from "../../src/fields/read";
import { listTools, newServer } from "../support/gate";
import {
  ajv,
  key,
  listed,
  manifest,
  names,
  t,
  text,
  toolOf,
  tools,
  type Manifest,
  type Schema,
} from "./listed";

/** What every client pays for the list: names, descriptions and schemas of arguments, in tokens of OpenAI's newer models. */
const tokensOf = (all: readonly Manifest[]): number => {
  const texts = all.flatMap(({ name, description, inputSchema }) => [
    ...[name, description, JSON.stringify(inputSchema)],
  ]);
  return texts.reduce((sum, text) => sum + countTokens(text), 0);
};

/** Every schema inside a schema, with its path. */
const within = (schema: unknown, path = "$"): [path: string, schema: Schema][] => {
  if (typeof schema !== "object" || schema === null) return [];
  const inner = Object.entries(schema).flatMap(([name, value]) => within(value, `${path}.${name}`));
  return Array.isArray(schema) ? inner : [[path, schema as Schema], ...inner];
};

describe("the manifest", () => {
  test("is what was reviewed", async () => {
    await expect(`${JSON.stringify(manifest, null, 2)}\n`).toMatchFileSnapshot(
      "./__snapshots__/manifest.json",
    );
    const hash = createHash("sha256").update(text).digest("hex");
    await expect(`${hash}\n`).toMatchFileSnapshot("./__snapshots__/manifest.sha256");
  });

  test("is the same text every time", async () => {
    expect(await listed(t)).toBe(text);
    const other = await newServer();
    expect(await listed(other)).toBe(text);
  });

  test("is what an admin's tools/list shows", async () => {
    expect(await listTools(t, key)).toEqual(manifest);
  });

  test("costs less than 152 tokens a tool, without what only some clients show", () => {
    expect(tokensOf(manifest)).toBeLessThan(152 * manifest.length);
  });

  test("lists every line of the registry, in its order", () => {
    expect(manifest.map(({ name }) => name)).toEqual(names);
  });
});

describe.each(names)("%s", (name) => {
  test("has schemas that compile", () => {
    const { inputSchema, outputSchema } = toolOf(name);
    expect(() => ajv.compile(inputSchema)).not.toThrow();
    expect(() => ajv.compile(outputSchema)).not.toThrow();
    expect([inputSchema.type, outputSchema.type]).toEqual(["object", "object"]);
  });

  test("is closed at every level of its arguments", () => {
    for (const [path, schema] of within(toolOf(name).inputSchema)) {
      const isSchema = !path.endsWith(".properties");
      if (isSchema && (schema.type === "object" || "properties" in schema)) {
        expect([path, schema.additionalProperties]).toEqual([path, false]);
      }
    }
  });

  test("describes every argument", () => {
    for (const [path, schema] of within(toolOf(name).inputSchema)) {
      if (!/\.properties\.\w+$/.test(path)) continue;
      expect([path, schema.description]).toEqual([path, expect.stringMatching(/^\w.{3,}\.$/s)]);
    }
  });

  test("never asks for what the gate knows", () => {
    const { properties } = toolOf(name).inputSchema as { properties: Schema };
    expect(Object.keys(properties)).not.toContain("principal");
    expect("idempotencyKey" in properties).toBe(tools[name]!().kind !== "query");
  });

  test("has a title and all hints, those of its kind", () => {
    const { kind, title, destructive, idempotent } = tools[name]!();
    const isQuery = kind === "query";
    expect(title).toMatch(/^[A-Z][a-z]+( [a-z]+)+$/);
    expect(toolOf(name).title).toBe(title);
    expect(toolOf(name).annotations).toEqual({
      title,
      readOnlyHint: isQuery,
      destructiveHint: isQuery ? false : destructive,
      idempotentHint: isQuery ? true : idempotent,
      openWorldHint: false,
    });
  });
});

const modules = import.meta.glob<Record<string, object>>("../../convex/erp/*.ts", { eager: true });

/** Every argument of the ERP, by function. */
const allArguments = Object.entries(modules).flatMap(([file, module]) =>
  Object.entries(module).flatMap(([fn, exported]) =>
    Object.entries(validatorsOf(exported)?.args.fields ?? {}).map(
      ([argument, validator]) => [`${file}:${fn}.${argument}`, validator] as const,
    ),
  ),
);

test("a text that is changed before it is used says so in its description", () => {
  const changed = allArguments.filter(([, validator]) =>
    [" Ab-1 ", "AB-1", "ab\u0301", "AB@EXAMPLE.COM", " 2026-01 "].some((sent) => {
      const known = read(validator, sent);
      return "value" in known && known.value !== sent;
    }),
  );
  expect(changed.length).toBeGreaterThan(8);
  for (const [path, validator] of changed) {
    const description = keywordsOf(validator).findLast((one) => "description" in one)?.description;
    expect([path, description]).toEqual([
      path,
      expect.stringContaining("White space around it is removed."),
    ]);
  }
});
