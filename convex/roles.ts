/** Roles, for operators: `npm run roles -- --help`. */
import { listRoles, setRole } from "../src/operate/roles";
import { internalMutation, internalQuery } from "./_generated/server";
import { defaultRoles, permissions } from "./permissions";

const settings = { permissions, defaultRoles };

export const list = internalQuery(listRoles(settings));
export const set = internalMutation(setRole(settings));
