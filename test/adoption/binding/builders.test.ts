/** Functions as the builders of convex-helpers make them, bound without a change. */
import { anyApi, type ApiFromModules } from "convex/server";
import { v } from "convex/values";
import {
  customAction,
  customMutation,
  customQuery,
  NoOp,
} from "convex-helpers/server/customFunctions";
import * as zod3 from "convex-helpers/server/zod3";
import * as zod4 from "convex-helpers/server/zod4";
import * as z4 from "zod";
import { z as z3 } from "zod/v3";
import { beforeAll, describe, expect, test } from "vitest";
import {
  action,
  internalAction,
  internalMutation,
  internalQuery,
  mutation,
  query,
} from "../../../convex/_generated/server";
import { keepZod } from "../../../src/entry/functions";
import { tool } from "../../../src/entry/tools";
import { callTool, listTools, post } from "../../support/gate";
import { begin, reads, writes, textOf } from "./setup";

/** Takes an argument of its own, and gives the function something in place of it. */
const session = {
  args: { session: v.string() },
  input: async (_ctx: object, { session: name }: { session: string }) => ({
    ctx: { session: name },
    args: {},
  }),
};

interface Sent {
  readonly text: string;
  readonly count?: number | undefined;
}
const said = ({ session: name }: { session: string }, { text, count = 1 }: Sent) => ({
  said: `${name}: ${text.repeat(count)}`,
});

const plain = {
  args: { text: v.string(), count: v.optional(v.number()) },
  returns: v.object({ said: v.string() }),
};
const three = {
  args: { text: z3.string().min(2).describe("What to say."), count: z3.number().int().optional() },
  returns: z3.object({ said: z3.string() }),
};
const four = {
  args: { text: z4.string().min(2).describe("What to say."), count: z4.int().optional() },
  returns: z4.object({ said: z4.string() }),
};
const handler = async (ctx: { session: string }, args: Sent) => said(ctx, args);

const own = {
  customQuery: customQuery(query, session)({ ...plain, handler }),
  customMutation: customMutation(internalMutation, session)({ ...plain, handler }),
  customAction: customAction(action, session)({ ...plain, handler }),
  threeQuery: zod3.zCustomQuery(internalQuery, session)({ ...three, handler }),
  threeMutation: zod3.zCustomMutation(mutation, session)({ ...three, handler }),
  threeAction: zod3.zCustomAction(internalAction, session)({ ...three, handler }),
  threeKept: keepZod(zod3.zCustomQuery(query, session))({ ...three, handler }),
  fourQuery: zod4.zCustomQuery(query, session)({ ...four, handler }),
  fourMutation: zod4.zCustomMutation(internalMutation, session)({ ...four, handler }),
  fourAction: zod4.zCustomAction(action, session)({ ...four, handler }),
  fourKept: keepZod(zod4.zCustomQuery(query, session))({ ...four, handler }),
  bare: keepZod(zod3.zCustomQuery(query, NoOp))({ args: {}, handler: async () => null }),
};
const api = (anyApi as unknown as ApiFromModules<{ own: typeof own }>).own;

const tools = {
  customQuery: tool.query(api.customQuery, reads),
  customMutation: tool.mutation(api.customMutation, writes),
  customAction: tool.action(api.customAction, writes),
  threeQuery: tool.query(api.threeQuery, reads),
  threeMutation: tool.mutation(api.threeMutation, writes),
  threeAction: tool.action(api.threeAction, writes),
  threeKept: tool.query(api.threeKept, reads),
  fourQuery: tool.query(api.fourQuery, reads),
  fourMutation: tool.mutation(api.fourMutation, writes),
  fourAction: tool.action(api.fourAction, writes),
  fourKept: tool.query(api.fourKept, { ...reads, arguments: { session: "Whose." } }),
  bare: tool.query(api.bare, reads),
};
const names = Object.keys(tools).filter((name) => name !== "bare");

let app: Awaited<ReturnType<typeof begin>>;
let schemas: Record<string, Record<string, unknown>>;
beforeAll(async () => {
  app = await begin(tools, own);
  const listed = (await listTools(app.t, app.key)) as { name: string; inputSchema?: unknown }[];
  schemas = Object.fromEntries(listed.map(({ name, inputSchema }) => [name, inputSchema as never]));
});

/** Calls for an answer in JSON; an action answers with a stream else. */
const call = async (name: string, args: object) => {
  const params = { name, arguments: args };
  const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params };
  const { json } = await post(app.t, app.key, message, { accept: "application/json" });
  return json.result as unknown as Awaited<ReturnType<typeof callTool>>;
};

describe.each(names)("%s", (name) => {
  test("is listed with its arguments", () => {
    expect(schemas[name]).toMatchObject({
      properties: { text: { type: "string" }, session: { type: "string" } },
      additionalProperties: false,
    });
    expect([...(schemas[name]!.required as string[])].sort()).toEqual(["session", "text"]);
  });

  test("runs", async () => {
    const { structuredContent } = await call(name, { text: "ab", count: 2, session: "s" });
    expect(structuredContent).toEqual({ said: "s: abab" });
  });

  test("is explained what does not fit, and mended what is beyond doubt", async () => {
    const wrong = await call(name, { text: 5, session: "s" });
    expect(textOf(wrong)).toBe("invalid_arguments: text: expected string, got 5");
    const meant = await call(name, { text: "ab", count: "2", session: "s" });
    expect(meant.structuredContent).toEqual({ said: "s: abab" });
  });
});

test.each(names.filter((name) => !name.startsWith("custom")))(
  "%s: what only zod knows is explained",
  async (name) => {
    expect(textOf(await call(name, { text: "a", session: "s" }))).toMatch(
      /^invalid_arguments: text: .*2/,
    );
  },
);

test("descriptions and ranges of zod 4 are in the schema", () => {
  expect(schemas.fourKept!.properties).toMatchObject({
    text: { minLength: 2, description: "What to say." },
    count: { type: "integer" },
    session: { description: "Whose." },
  });
  expect(schemas.bare).toMatchObject({ properties: {} });
});
