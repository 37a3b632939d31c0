/** Lets operators manage keys and roles and read the audit log. */
import { adminModule } from "../../src/entry/admin";
import { app } from "./tools";

// prettier-ignore
export const { checkKey, createKey, getKey, insertKey, listAudit, listKeys, listRoles, replaceKey, revokeKey, rotateKey, setRole, updateKey, verifyKey } = adminModule(app);
