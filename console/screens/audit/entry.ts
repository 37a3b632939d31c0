/** A row of the audit log, with the times that newer rows have. */
import type { AuditEntry as Row } from "../../../src/operate/auditLog";

export type AuditEntry = Row & { readonly waitedMs?: number; readonly ms?: number };
