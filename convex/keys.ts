/** API keys, for operators: `npm run keys -- --help`, or `npx convex run keys:create '{…}'`. */
import { updateKey, revokeKey } from "../src/operate/changeKey";
import { createKey, insertKey, type KeyCreation } from "../src/operate/createKey";
import type { KeySettings } from "../src/operate/keyFields";
import { getKey, listKeys } from "../src/operate/readKeys";
import { replaceKey, rotateKey, type KeyRotation } from "../src/operate/rotateKey";
import { checkKey, verifyKey, type KeyVerification } from "../src/operate/verifyKey";
import { internal } from "./_generated/api";
import { env, internalAction, internalMutation, internalQuery } from "./_generated/server";
import { defaultRoles, permissions } from "./permissions";
import { tools } from "./tools";

const settings: KeySettings = {
  tools,
  permissions,
  defaultRoles,
  tenantExists: internal.erp.tenants.exists,
};

const peppers = () => env.TOOLGATE_PEPPERS;

const creation: KeyCreation = { peppers, insert: internal.keys.insert };
const rotation: KeyRotation = { peppers, get: internal.keys.get, replace: internal.keys.replace };
const verification: KeyVerification = { peppers, check: internal.keys.check };

export const create = internalAction(createKey(creation));
export const insert = internalMutation(insertKey(settings));
export const list = internalQuery(listKeys);
export const get = internalQuery(getKey);
export const update = internalMutation(updateKey(settings));
export const rotate = internalAction(rotateKey(rotation));
export const replace = internalMutation(replaceKey(settings));
export const revoke = internalMutation(revokeKey);
export const verify = internalAction(verifyKey(verification));
export const check = internalQuery(checkKey);
