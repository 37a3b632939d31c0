/** One row of the audit log, opened: all that it says, and the other rows of its operation. */
import type { ReactElement, ReactNode } from "react";
import type { AuditEntry } from "../../../src/operate/auditLog";
import { useRun } from "../../api/useRun";
import { Dialog } from "../../parts/Dialog";
import { Facts } from "../../parts/Facts";
import { Loaded } from "../../parts/Loaded";
import { durationText } from "../../parts/spans";
import { Status } from "../../parts/Status";
import { Time } from "../../parts/Time";
import { visibleJson, visibleLine } from "../../text/plain";
import quoted from "../../parts/quoted.module.css";
import classes from "./audit.module.css";
import { aboutOf } from "./columns";
import { placesOf } from "./places";

const text = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : visibleLine(value);

const link = (to: string, name: string, value: string | undefined): ReactNode =>
  value === undefined ? undefined : (
    <a className="mono" href={`#${to}?${name}=${encodeURIComponent(value)}`}>
      {visibleLine(value)}
    </a>
  );

/** The name stands beside the id, once it is there: rows keep the id alone. */
const Key = ({ keyId }: { readonly keyId: string }): ReactElement => {
  const { data } = useRun("admin:getKey", { keyId }, { every: 0 });
  return (
    <>
      {link("/audit", "keyId", keyId)}
      {data !== undefined && ` ${visibleLine(data.name)}`}
    </>
  );
};

const ms = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : durationText(value);

const Known = ({ row }: { readonly row: AuditEntry }): ReactElement => (
  <Facts
    facts={[
      ["Outcome", <Status key="outcome" of={row.outcome} />],
      ["Reason", text(row.reason)],
      ["At", <Time key="at" at={row.at} as="seconds" />],
      ["UTC", row.at],
      ["Method", text(row.method)],
      ["Tool", link("/audit", "tool", row.tool)],
      [row.tool === undefined ? "Target" : "Job", text(row.target)],
      ["Tenant", link("/audit", "tenant", row.tenant)],
      ["Key", row.keyId && <Key key="key" keyId={row.keyId} />],
      ["Subject", text(row.subject)],
      ["Role", text(row.role)],
      ["Connection", text(row.grantId)],
      ["Client", text(row.client)],
      ["Protocol", text(row.protocol)],
      ["Address", text(row.ip)],
      ["Waited", ms(row.waitedMs)],
      ["Took", ms(row.ms)],
      ["Operation", link("/audit", "operation", row.operation)],
      ["Repeats", link("/audit", "operation", row.original)],
      ["Trace", text(row.traceparent)],
      ["Digest", text(row.digest)],
      ["Row", <code key="row">{row.id}</code>],
    ]}
  />
);

const Story = ({ operation }: { readonly operation: string }): ReactElement => {
  const query = useRun("admin:listAudit", { operation, limit: 20 });
  return (
    <Loaded query={query} rows={2}>
      {({ entries }) => (
        <>
          <ol className={classes.story}>
            {entries.toReversed().map((row) => (
              <li key={row.id}>
                <Time at={row.at} as="seconds" />
                <Status of={row.outcome} />
                <span className="mono">{aboutOf(row)}</span>
              </li>
            ))}
          </ol>
          {placesOf(entries).map(([href, words]) => (
            <p key={href}>
              <a href={href}>{words}</a>
            </p>
          ))}
        </>
      )}
    </Loaded>
  );
};

/** @param row - absent if it is not on this page of the list. */
export const EntryDialog = ({
  row,
  close,
}: {
  readonly row: AuditEntry | undefined;
  readonly close: () => void;
}): ReactElement => (
  <Dialog title={row === undefined ? "Row" : aboutOf(row)} close={close} size={680}>
    {row === undefined ? (
      <p>This row is not on this page of the list.</p>
    ) : (
      <>
        <Known row={row} />
        {row.arguments !== undefined && (
          <pre className={quoted.quoted} tabIndex={0} aria-label="Arguments, redacted">
            {visibleJson(row.arguments)}
          </pre>
        )}
        {row.operation !== undefined && (
          <section>
            <h3>The whole operation</h3>
            <Story operation={row.operation} />
          </section>
        )}
      </>
    )}
  </Dialog>
);
