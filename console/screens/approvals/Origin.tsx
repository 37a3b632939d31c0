/** Where a call comes from: tenant, key, client, time and operation. */
import type { ReactElement } from "react";
import type { ApprovalInfo } from "../../../src/approvals/info";
import { Time } from "../../parts/Time";
import { visibleLine } from "../../text/plain";
import classes from "./approvals.module.css";
import { keyOf } from "./words";

export const Origin = ({ approval }: { readonly approval: ApprovalInfo }): ReactElement => {
  const { tenant, client, operation, subject, role, tool } = approval;
  return (
    <ul className={classes.facts}>
      <li>{visibleLine(tenant)}</li>
      <li>key {keyOf(approval)}</li>
      <li>
        {subject === approval.keyId ? "" : `for ${visibleLine(subject)}, `}role {visibleLine(role)}
      </li>
      {client !== undefined && <li>client {visibleLine(client)}</li>}
      <li className="mono">{tool}</li>
      <li>
        asked <Time at={approval.askedAt} as="clock" />
      </li>
      <li>
        <a href={`#/audit?operation=${encodeURIComponent(operation)}`}>
          operation <span className="mono">{operation.slice(0, 8)}…</span>
        </a>
      </li>
    </ul>
  );
};
