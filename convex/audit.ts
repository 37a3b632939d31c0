/** The audit log, for operators: `npm run audit -- --help`. There is no way to change or remove a row. */
import { listAudit } from "../src/operate/auditLog";
import { internalQuery } from "./_generated/server";

export const list = internalQuery(listAudit);
