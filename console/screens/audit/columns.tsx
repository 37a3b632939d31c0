/** The columns of the audit log. */
import type { AuditEntry } from "../../../src/operate/auditLog";
import type { Column } from "../../parts/DataTable";
import { keyText } from "../../parts/keyText";
import { durationText } from "../../parts/spans";
import { Status } from "../../parts/Status";
import { Time } from "../../parts/Time";
import { visibleLine } from "../../text/plain";

/** The protocol of a call is a revision of MCP, which is a date. */
const CALLS = /^\d/;

/** What a row is about: a tool, a resource or prompt, or what an operator changed. */
export const aboutOf = ({ tool, target, method, protocol }: AuditEntry): string => {
  // The end of a job and a decision name a tool that was not called by them.
  if (tool !== undefined && !CALLS.test(protocol)) return `${visibleLine(tool)} (${method})`;
  return visibleLine(tool ?? target ?? method);
};

const text = (value: string | undefined) => value !== undefined && visibleLine(value);

const keyCell = (keyId: string, name: string | undefined) => (
  <span className={name === undefined ? "mono" : undefined} title={keyId}>
    {keyText(keyId, name)}
  </span>
);

/** @param names - of keys, by id. */
export const columnsOf = (names: ReadonlyMap<string, string>): readonly Column<AuditEntry>[] => [
  { header: "At", cell: ({ at }) => <Time at={at} as="seconds" /> },
  { header: "Outcome", isState: true, cell: ({ outcome }) => <Status of={outcome} /> },
  { header: "Tool", cell: (row) => <span className="mono">{aboutOf(row)}</span> },
  { header: "Key", cell: ({ keyId }) => keyId && keyCell(keyId, names.get(keyId)) },
  { header: "Tenant", cell: ({ tenant }) => text(tenant) },
  { header: "Reason", isWide: true, cell: ({ reason }) => text(reason) },
  { header: "Took", isNumber: true, cell: ({ ms }) => ms !== undefined && durationText(ms) },
];
