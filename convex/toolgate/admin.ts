/** Lets operators manage keys, connections and roles and read the audit log. */
import { adminModule } from "../../src/entry/admin";
import { app } from "./tools";

// prettier-ignore
export const { checkKey, createKey, endAccess, getKey, insertKey, listAudit, listConnections, listKeys, listRoles, replaceKey, revokeConnection, revokeConnections, revokeKey, rotateKey, setRole, updateKey, verifyKey } = adminModule(app);
