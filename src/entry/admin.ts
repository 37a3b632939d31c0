/** The door for `admin.ts` of the glue: keys, connections, roles, approvals and the audit log, for operators. */
import {
  internalActionGeneric,
  internalMutationGeneric,
  internalQueryGeneric,
} from "convex/server";
import { decideApproval } from "../approvals/decide";
import { getApproval } from "../approvals/get";
import { listApprovals } from "../approvals/list";
import { listAudit } from "../operate/auditLog";
import { cancelJobById } from "../operate/cancelJobById";
import { updateKey } from "../operate/changeKey";
import { listConnections, revokeConnection, revokeConnections } from "../operate/connections";
import { createKey, insertKey } from "../operate/createKey";
import { describeApp } from "../operate/describeApp";
import { endAccessOf } from "../operate/endAccess";
import { listJobs } from "../operate/listJobs";
import { getKey, listKeys } from "../operate/readKeys";
import { auditHead } from "../operate/record/head";
import { pruneAudit } from "../operate/record/pruneAudit";
import { sealAudit } from "../operate/record/sealAudit";
import { verifyAudit } from "../operate/record/verifyAudit";
import { revokeKey } from "../operate/revokeKey";
import { roleMatrix } from "../operate/roleMatrix";
import { listRoles, setRole } from "../operate/roles";
import { replaceKey, rotateKey } from "../operate/rotateKey";
import { seenTools } from "../operate/seenTools";
import { foldStats } from "../operate/stats/fold";
import { overview } from "../operate/stats/overview";
import { checkKey, verifyKey } from "../operate/verifyKey";
import { whatEnds } from "../operate/whatEnds";
import type { Toolgate } from "../registry/toolgate";

const keys = (app: Toolgate) => ({
  createKey: internalActionGeneric(createKey(app)),
  insertKey: internalMutationGeneric(insertKey(app)),
  listKeys: internalQueryGeneric(listKeys),
  getKey: internalQueryGeneric(getKey),
  updateKey: internalMutationGeneric(updateKey(app)),
  rotateKey: internalActionGeneric(rotateKey(app)),
  replaceKey: internalMutationGeneric(replaceKey(app)),
  revokeKey: internalMutationGeneric(revokeKey),
  verifyKey: internalActionGeneric(verifyKey(app)),
  checkKey: internalQueryGeneric(checkKey),
});

const approvals = (app: Toolgate) => ({
  listApprovals: internalQueryGeneric(listApprovals(app)),
  getApproval: internalQueryGeneric(getApproval(app)),
  decideApproval: internalMutationGeneric(decideApproval(app)),
});

const record = (app: Toolgate) => ({
  listAudit: internalQueryGeneric(listAudit),
  sealAudit: internalMutationGeneric(sealAudit(app)),
  pruneAudit: internalMutationGeneric(pruneAudit(app)),
  verifyAudit: internalQueryGeneric(verifyAudit),
  auditHead: internalQueryGeneric(auditHead),
});

/** What a page for operators asks beside them. */
const pages = (app: Toolgate) => ({
  describeApp: internalQueryGeneric(describeApp(app)),
  roleMatrix: internalQueryGeneric(roleMatrix(app)),
  seenTools: internalQueryGeneric(seenTools(app)),
  whatEnds: internalQueryGeneric(whatEnds),
  overview: internalQueryGeneric(overview),
  foldStats: internalMutationGeneric(foldStats(app)),
});

/**
 * The functions that operators call, by the command line or by `npx convex run toolgate/admin:listKeys`. All are internal, so no
 * client can call them.
 *
 * @returns the exports of `admin.ts`.
 */
export const adminModule = (app: Toolgate) => ({
  ...keys(app),
  ...approvals(app),
  ...record(app),
  ...pages(app),
  listJobs: internalQueryGeneric(listJobs(app)),
  cancelJobById: internalMutationGeneric(cancelJobById(app)),
  listConnections: internalQueryGeneric(listConnections),
  revokeConnection: internalMutationGeneric(revokeConnection),
  revokeConnections: internalMutationGeneric(revokeConnections),
  endAccess: internalMutationGeneric(endAccessOf),
  listRoles: internalQueryGeneric(listRoles(app)),
  setRole: internalMutationGeneric(setRole(app)),
});
