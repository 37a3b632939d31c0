import { defineSchema, defineTable } from 'convex/server'
import { v } from 'convex/values'

const schema = defineSchema(
  {
    recipes: defineTable({
      owner: v.string(),
      title: v.string(),
      minutes: v.number(),
      tags: v.array(v.string()),
    }).index('by_owner', ['owner']),
  },
  { schemaValidation: true },
)

export default schema
