/**
 * What models of other houses are shown: the ERP's tools through the conversions of the official SDKs of OpenAI, Anthropic and Google,
 * and calls as each of them makes them.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { toStrictJsonSchema } from "openai/lib/transform";
import { mcpTools } from "@anthropic-ai/sdk/helpers/beta/mcp";
import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";
import { GoogleGenAI, mcpToTool } from "@google/genai";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { CallToolResult, Tool } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jsonSchemaValidator, newCustomer, serveApp } from "./app";

type Json = Readonly<Record<string, unknown>>;

const app = serveApp();
const client = new Client({ name: "vendors", version: "1" }, { jsonSchemaValidator });
let tools: Tool[];

beforeAll(async () => {
  const headers = { Authorization: `Bearer ${app.key("admin")}` };
  await client.connect(new StreamableHTTPClientTransport(app.url, { requestInit: { headers } }));
  ({ tools } = await client.listTools());
});
afterAll(() => client.close());

/** Every schema in a schema, itself among them. Only where keywords hold schemas, since `properties` may have any names. */
const schemasIn = (schema: Json): Json[] => [
  schema,
  ...Object.values((schema.properties ?? {}) as Record<string, Json>).flatMap(schemasIn),
  ...(schema.items === undefined ? [] : schemasIn(schema.items as Json)),
  ...((schema.anyOf ?? []) as Json[]).flatMap(schemasIn),
];

/** The schemas of all arguments and results. */
const schemasOf = (all: readonly Tool[]): [tool: string, schema: Json][] =>
  all.flatMap(({ name, inputSchema, outputSchema }) => [
    [name, inputSchema],
    ...(outputSchema === undefined ? [] : [[name, outputSchema] as [string, Json]]),
  ]);

describe("OpenAI, strict mode", () => {
  /** The step that the guide of strict mode leaves to the client: an argument that may be left out is null instead. */
  const nullable = (schema: Json): Json => {
    const required = (schema.required ?? []) as readonly string[];
    const shown = Object.entries((schema.properties ?? {}) as Record<string, Json>);
    const properties = shown.map(([name, property]) => {
      const inner = nullable(property);
      return [name, required.includes(name) ? inner : { anyOf: [inner, { type: "null" }] }];
    });
    return {
      ...schema,
      ...(schema.properties === undefined ? {} : { properties: Object.fromEntries(properties) }),
      ...(schema.items === undefined ? {} : { items: nullable(schema.items as Json) }),
      ...(schema.anyOf === undefined ? {} : { anyOf: (schema.anyOf as Json[]).map(nullable) }),
    };
  };

  const strict = (schema: Json) => toStrictJsonSchema(nullable(schema)) as unknown as Json;

  test("takes every schema, and no pattern that its grammar lacks", () => {
    expect(tools.length).toBeGreaterThan(20);
    for (const [name, whole] of schemasOf(tools)) {
      for (const schema of schemasIn(strict(whole))) {
        const { type, properties = {}, required, additionalProperties, pattern = "" } = schema;
        if (type === "object") {
          expect([name, additionalProperties]).toEqual([name, false]);
          expect([name, required]).toEqual([name, Object.keys(properties as Json)]);
        }
        expect([name, pattern]).toEqual([name, expect.not.stringMatching(/\(\?(?:[!=]|<[!=])/)]);
      }
    }
  });

  /** The arguments of a strict model: all that the schema has, null where it has nothing to say. */
  const argumentsOf = (name: string, given: Json): Json => {
    const { inputSchema } = tools.find((tool) => tool.name === name)!;
    const all = Object.keys(inputSchema.properties ?? {});
    return Object.fromEntries(all.map((argument) => [argument, given[argument] ?? null]));
  };

  test.each([
    ["customers_search", {}],
    ["products_search", { text: "bolt" }],
    ["orders_list", {}],
    ["invoices_list", { limit: 2 }],
    ["customers_create", newCustomer("openai")],
    ["customers_import", { lines: JSON.stringify(newCustomer("openai-line")) }],
  ])("%s takes null for what is left out", async (name, given) => {
    const sent = argumentsOf(name, given);
    expect(Object.values(sent)).toContain(null);
    const result = (await client.callTool({ name, arguments: sent })) as CallToolResult;
    expect([result.isError, result.content]).toEqual([undefined, expect.anything()]);
  });
});

describe("Anthropic", () => {
  test("takes every input schema", () => {
    for (const { name, inputSchema } of tools) {
      expect([name, transformJSONSchema(inputSchema)]).toEqual([name, expect.anything()]);
      expect(Object.keys(inputSchema)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(?:anyOf|oneOf|allOf)$/)]),
      );
      for (const { properties = {} } of schemasIn(inputSchema))
        for (const argument of Object.keys(properties as Json))
          expect(argument).toMatch(/^[a-zA-Z0-9_.-]{1,64}$/);
    }
  });

  test("its tool runner calls a tool, and hears of a failure as one", async () => {
    const callTool = (params: { name: string }) =>
      client.callTool(params) as Promise<CallToolResult>;
    const run = (name: string, input: Json) =>
      mcpTools(tools, { callTool })
        .find((tool) => "name" in tool && tool.name === name)!
        .run(input);
    expect(JSON.stringify(await run("products_search", { text: "bolt m8" }))).toContain("ACM-102");
    await expect(run("products_get", { sku: "none" })).rejects.toThrow(/product/i);
  });
});

describe("Gemini", () => {
  /** A model behind a socket: the first answer calls a tool, the second one ends. It keeps what it was asked. */
  const asked: Json[] = [];
  let model: Server;
  let gemini: GoogleGenAI;

  const bodyOf = async (request: IncomingMessage): Promise<Json> => {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
    return JSON.parse(text) as Json;
  };

  const answerTo = (body: Json): Json => {
    const isFirst = ((body.contents ?? []) as unknown[]).length === 1;
    const call = { functionCall: { name: "products_search", args: { text: "bolt m8" } } };
    const part = body.tools !== undefined && isFirst ? call : { text: "done" };
    return { candidates: [{ content: { role: "model", parts: [part] }, finishReason: "STOP" }] };
  };

  beforeAll(async () => {
    model = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        asked.push(body);
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(answerTo(body)));
      });
    });
    await new Promise<void>((resolve) => model.listen(0, "127.0.0.1", resolve));
    const { port } = model.address() as AddressInfo;
    const baseUrl = `http://127.0.0.1:${String(port)}`;
    gemini = new GoogleGenAI({ apiKey: "none", httpOptions: { baseUrl } });
  });
  afterAll(() => {
    model.close();
  });

  const ask = (config: object) => {
    asked.length = 0;
    return gemini.models.generateContent({ model: "gemini", contents: "bolts?", config });
  };

  /** The members of `Schema` in the SDK's types, which is the classic subset. */
  const CLASSIC = new Set(
    (
      "anyOf default description enum example format items maxItems maxLength maxProperties maximum minItems minLength " +
      "minProperties minimum nullable pattern properties propertyOrdering required title type"
    ).split(" "),
  );

  test("takes every schema in its classic subset", async () => {
    for (const [name, whole] of schemasOf(tools)) {
      await ask({ responseMimeType: "application/json", responseSchema: whole });
      const { responseSchema } = asked[0]!.generationConfig as { responseSchema: Json };
      for (const schema of schemasIn(responseSchema)) {
        const unknown = Object.keys(schema).filter((keyword) => !CLASSIC.has(keyword));
        const { format = "date-time", type } = schema;
        expect([name, unknown]).toEqual([name, []]);
        expect([name, format]).toEqual([name, expect.stringMatching(/^(?:date-time|enum)$/)]);
        // The result of a job may be any value.
        if (schema.description !== "Any JSON value.")
          expect([name, type]).toEqual([
            name,
            expect.stringMatching(/^(?:OBJECT|ARRAY|STRING|NUMBER|INTEGER|BOOLEAN)$/),
          ]);
      }
    }
  });

  test("its own MCP client calls a tool for the model, and gives it the result", async () => {
    await ask({ tools: [mcpToTool(client)] });
    expect(asked).toHaveLength(2);
    expect(JSON.stringify(asked[0]!.tools)).toContain('"customers_search"');
    expect(JSON.stringify(asked[1]!.contents)).toContain("ACM-102");
  });
});
