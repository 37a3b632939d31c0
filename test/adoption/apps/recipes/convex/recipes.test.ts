/// <reference types="vite/client" />
import { convexTest } from 'convex-test'
import { expect, test } from 'vitest'
import { api } from './_generated/api'
import schema from './schema'

const modules = import.meta.glob('./**/*.ts')

test('everyone has their own recipes', async () => {
  const t = convexTest(schema, modules)
  await expect(t.query(api.recipes.mine, {})).rejects.toThrow('Not signed in')
  const ada = t.withIdentity({ subject: 'ada' })
  await ada.mutation(api.recipes.add, { title: 'Bread', minutes: 90, tags: [] })
  expect(await ada.query(api.recipes.mine, {})).toHaveLength(1)
})
