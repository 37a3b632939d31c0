/** Lets operators manage keys, connections, roles and approvals and read the audit log. (toolgate 0.2.0) */
import { adminModule } from "toolgate/admin";
import { app } from "./tools";
export const { checkKey, createKey, decideApproval, endAccess, getApproval, getKey, insertKey, listApprovals, listAudit, listConnections, listKeys, listRoles, replaceKey, revokeConnection, revokeConnections, revokeKey, rotateKey, setRole, updateKey, verifyKey } = adminModule(app);
