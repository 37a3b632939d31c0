/** An app with functions that take `paginationOpts`, and the same functions as tools. */
import { anyApi, paginationOptsValidator, type ApiFromModules } from "convex/server";
import { v } from "convex/values";
import { zCustomQuery } from "convex-helpers/server/zod4";
import * as z from "zod";
import { afterEach, beforeAll, vi } from "vitest";
import {
  internalAction,
  internalMutation,
  internalQuery,
  query,
} from "../../../convex/_generated/server";
import { keepZod } from "../../../src/entry/functions";
import { tool } from "../../../src/entry/tools";
import { callTool } from "../../support/gate";
import { begin, reads, writes } from "./setup";

/** What the next run of `failing` throws. */
export const failing: { error: Error } = { error: new Error() };

const zodQuery = keepZod(
  zCustomQuery(internalQuery, { args: {}, input: async () => ({ ctx: {}, args: {} }) }),
);

const page = {
  args: { paginationOpts: paginationOptsValidator, series: v.optional(v.string()) },
};

export const own = {
  list: query({
    ...page,
    returns: v.object({
      page: v.array(v.string()),
      isDone: v.boolean(),
      continueCursor: v.string(),
      asked: v.number(),
    }),
    handler: async (ctx, { paginationOpts }) => {
      const { page, isDone, continueCursor } = await ctx.db
        .query("counters")
        .paginate(paginationOpts);
      const names = page.map(({ series }) => series);
      return { page: names, isDone, continueCursor, asked: paginationOpts.numItems };
    },
  }),
  turn: internalMutation({
    ...page,
    handler: (ctx, { paginationOpts }) => ctx.db.query("counters").paginate(paginationOpts),
  }),
  gather: internalAction({
    ...page,
    handler: (ctx, args): Promise<unknown> => ctx.runQuery(api.list, args),
  }),
  drop: internalMutation({ ...page, handler: (_ctx, { paginationOpts }) => paginationOpts }),
  failing: internalQuery({
    ...page,
    handler: () => {
      throw failing.error;
    },
  }),
  zod: zodQuery({
    args: {
      text: z.string().describe("What to look for."),
      paginationOpts: z.object({ numItems: z.number(), cursor: z.string().nullable() }),
    },
    handler: async (_ctx, { paginationOpts }) => paginationOpts,
  }),
  ownPage: query({ args: { paginationOpts: v.string() }, handler: (_ctx, args) => args }),
  clashing: query({ args: { ...page.args, limit: v.number() }, handler: () => null }),
};

export const api = (anyApi as unknown as ApiFromModules<{ own: typeof own }>).own;
export const paginated = { paginated: true } as const;

const tools = {
  list: tool.query(api.list, { ...reads, ...paginated, arguments: { limit: "Rows." } }),
  turn: tool.mutation(api.turn, { ...writes, ...paginated }),
  gather: tool.action(api.gather, { ...writes, ...paginated }),
  drop: tool.mutation(api.drop, { ...writes, ...paginated }),
  failing: tool.query(api.failing, { ...reads, ...paginated }),
  zod: tool.query(api.zod, { ...reads, ...paginated }),
  ownPage: tool.query(api.ownPage, reads),
};

export let app: Awaited<ReturnType<typeof begin>>;
beforeAll(async () => {
  app = await begin(tools, own);
  await app.t.run(async (ctx) => {
    const tenantId = (await ctx.db.query("tenants").first())!._id;
    for (let last = 0; last < 25; last++)
      await ctx.db.insert("counters", { tenantId, series: `s${String(last)}`, last });
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

export const call = (name: string, args: object = {}) => callTool(app.t, app.key, name, args);
export const listOf = async (args: object) =>
  (await call("list", args)).structuredContent as {
    page: string[];
    isDone: boolean;
    continueCursor: string;
    asked: number;
  };
