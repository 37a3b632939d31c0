/** Queries and mutations that see only what the signed-in user may see. */
import { customCtx, customMutation, customQuery } from "convex-helpers/server/customFunctions";
import {
  wrapDatabaseReader,
  wrapDatabaseWriter,
  type Rules,
} from "convex-helpers/server/rowLevelSecurity";
import type { DataModel, Doc } from "./_generated/dataModel";
import { mutation, query, type QueryCtx } from "./_generated/server";

const userOf = async (ctx: QueryCtx): Promise<Doc<"users">> => {
  const identity = await ctx.auth.getUserIdentity();
  if (!identity) throw new Error("Unauthenticated");
  const user = await ctx.db
    .query("users")
    .withIndex("by_token", (q) => q.eq("tokenIdentifier", identity.tokenIdentifier))
    .unique();
  if (!user) throw new Error("Unknown user");
  return user;
};

const rulesFor = (user: Doc<"users">): Rules<QueryCtx, DataModel> => ({
  patients: {
    read: async (_ctx, patient) => patient.doctorId === user._id,
    modify: async (_ctx, patient) => patient.doctorId === user._id,
    insert: async (_ctx, patient) => patient.doctorId === user._id,
  },
});

export const userQuery = customQuery(
  query,
  customCtx(async (ctx) => {
    const user = await userOf(ctx);
    return { user, db: wrapDatabaseReader(ctx, ctx.db, rulesFor(user)) };
  }),
);

export const userMutation = customMutation(
  mutation,
  customCtx(async (ctx) => {
    const user = await userOf(ctx);
    return { user, db: wrapDatabaseWriter(ctx, ctx.db, rulesFor(user)) };
  }),
);
