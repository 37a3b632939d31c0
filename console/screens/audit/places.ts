/** Where to read on from the rows of an operation. */
import type { AuditEntry } from "../../../src/operate/auditLog";

/** The approval that a call waits for or got, and the job that it began, as links and their words. */
export const placesOf = (
  rows: readonly AuditEntry[],
): readonly (readonly [href: string, words: string])[] => {
  const begun = rows.find(({ outcome }) => outcome === "held" || outcome === "started");
  if (begun?.target === undefined) return [];
  const id = encodeURIComponent(begun.target);
  const isEnded = rows.some(({ method }) => method === "job/end");
  if (begun.outcome === "started")
    return [[`#/jobs?show=${isEnded ? "ended" : "running"}&job=${id}`, "Its job"]];
  const isDecided = isEnded || rows.some(({ method }) => method.startsWith("approvals/"));
  return [[`#/approvals?show=${isDecided ? "decided" : "waiting"}&open=${id}`, "Its approval"]];
};
