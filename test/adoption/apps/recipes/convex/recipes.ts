import { v } from 'convex/values'
import { z } from 'zod'
import { mutation, query, type QueryCtx } from './_generated/server'
import { zMutation } from './functions'

async function requireUser(ctx: Pick<QueryCtx, 'auth'>) {
  const identity = await ctx.auth.getUserIdentity()
  if (identity === null) {
    throw new Error('Not signed in')
  }
  return identity.subject
}

/** The recipes of the signed-in user. */
export const mine = query({
  args: {},
  returns: v.array(
    v.object({
      _id: v.id('recipes'),
      _creationTime: v.number(),
      owner: v.string(),
      title: v.string(),
      minutes: v.number(),
      tags: v.array(v.string()),
    }),
  ),
  handler: async (ctx) => {
    const owner = await requireUser(ctx)
    return await ctx.db
      .query('recipes')
      .withIndex('by_owner', (q) => q.eq('owner', owner))
      .collect()
  },
})

export const add = mutation({
  args: { title: v.string(), minutes: v.number(), tags: v.array(v.string()) },
  returns: v.id('recipes'),
  handler: async (ctx, args) => {
    const owner = await requireUser(ctx)
    return await ctx.db.insert('recipes', { owner, ...args })
  },
})

/** How much flour, water and salt a dough needs. */
export const scale = zMutation({
  args: { flour: z.number().positive().describe('grams'), hydration: z.number().min(50).max(100) },
  returns: z.object({ water: z.number(), salt: z.number() }),
  handler: async (_ctx, { flour, hydration }) => ({
    water: (flour * hydration) / 100,
    salt: flour / 50,
  }),
})
