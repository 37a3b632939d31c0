/** Keys of the fixture; it has one tenant. */
import { v } from "convex/values";
import { createKey, insertKey, type KeyCreation } from "../../../src/operate/createKey";
import type { KeySettings } from "../../../src/operate/keyFields";
import { defaultRoles, permissions } from "./permissions";
import { internal, internalAction, internalMutation, internalQuery } from "./server";
import { tools } from "./tools";

export const TENANT = "conformance";

export const tenantExists = internalQuery({
  args: { slug: v.string() },
  returns: v.boolean(),
  handler: async (_ctx, { slug }): Promise<boolean> => slug === TENANT,
});

const settings: KeySettings = {
  tools,
  permissions,
  defaultRoles,
  tenantExists: internal.keys.tenantExists,
};

const creation: KeyCreation = {
  peppers: () => process.env.TOOLGATE_PEPPERS,
  insert: internal.keys.insert,
};

export const create = internalAction(createKey(creation));
export const insert = internalMutation(insertKey(settings));
