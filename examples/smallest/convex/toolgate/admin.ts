/** Lets operators see and manage what agents do. (toolgate 0.2.0) */
import { adminModule } from "toolgate/admin";
import { app } from "./tools";
export const { auditHead, cancelJobById, checkKey, createKey, decideApproval, describeApp, endAccess, foldStats, getApproval, getKey, insertKey, listApprovals, listAudit, listConnections, listJobs, listKeys, listRoles, overview, pruneAudit, replaceKey, revokeConnection, revokeConnections, revokeKey, roleMatrix, rotateKey, sealAudit, seenTools, setRole, updateKey, verifyAudit, verifyKey, whatEnds } = adminModule(app);
