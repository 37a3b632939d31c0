/** Lets operators see and manage what agents do. */
import { adminModule } from "../../src/entry/admin";
import { app } from "./tools";

// prettier-ignore
export const { auditHead, cancelJobById, checkKey, createKey, decideApproval, describeApp, endAccess, foldStats, getApproval, getKey, insertKey, listApprovals, listAudit, listConnections, listJobs, listKeys, listRoles, overview, pruneAudit, replaceKey, revokeConnection, revokeConnections, revokeKey, roleMatrix, rotateKey, sealAudit, seenTools, setRole, updateKey, verifyAudit, verifyKey, whatEnds } = adminModule(app);
