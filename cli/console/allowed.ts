/** The functions that the console may run, by their names in the folder of the glue. The server refuses all others, whatever a page asks. */
const ALLOWED: ReadonlySet<string> = new Set([
  ...["admin:listKeys", "admin:getKey", "admin:createKey", "admin:updateKey"],
  ...["admin:rotateKey", "admin:revokeKey", "admin:whatEnds"],
  ...["admin:listConnections", "admin:revokeConnection", "admin:revokeConnections"],
  ...["admin:listRoles", "admin:setRole", "admin:roleMatrix"],
  ...["admin:listAudit", "admin:auditHead", "admin:verifyAudit"],
  ...["admin:listApprovals", "admin:getApproval", "admin:decideApproval"],
  ...["admin:listJobs", "admin:cancelJobById"],
  ...["admin:overview", "admin:foldStats", "admin:describeApp", "admin:seenTools"],
  "catalog:list",
]);

/** Whether the console may run the function. */
export const isAllowed = (name: string): boolean => ALLOWED.has(name);
