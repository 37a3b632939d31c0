/** Lets operators manage keys, connections, roles and approvals and read the audit log. */
import { adminModule } from "../../src/entry/admin";
import { app } from "./tools";

// prettier-ignore
export const { checkKey, createKey, decideApproval, endAccess, getApproval, getKey, insertKey, listApprovals, listAudit, listConnections, listKeys, listRoles, replaceKey, revokeConnection, revokeConnections, revokeKey, rotateKey, setRole, updateKey, verifyKey } = adminModule(app);
