/** What is asked for: what, how much, why it asks, and the lines that the app tells, or the arguments. */
import type { ReactElement } from "react";
import type { ApprovalDetail } from "../../../src/approvals/get";
import { visible, visibleJson, visibleLine } from "../../text/plain";
import quoted from "../../parts/quoted.module.css";
import classes from "./approvals.module.css";
import { argumentLines } from "./argumentLines";

/** The lines of the app's own query; without a summary those of the arguments. */
const linesOf = ({ summary, arguments: text }: ApprovalDetail) =>
  summary === undefined ? argumentLines(text) : { lines: summary.lines, more: 0 };

const Lines = ({ approval }: { readonly approval: ApprovalDetail }): ReactElement | null => {
  const { lines, more } = linesOf(approval);
  if (lines.length === 0) return null;
  return (
    <div>
      <dl className={classes.lines}>
        {lines.map(({ label, value }, at) => (
          <div key={at} className={classes.line}>
            <dt>{visibleLine(label)}</dt>
            <dd>{visible(value)}</dd>
          </div>
        ))}
      </dl>
      {more > 0 && <p className={classes.more}>and {more} more, below</p>}
    </div>
  );
};

/** The arguments are the agent's own words: as text, never as markup, and nothing in them is a link. */
const Arguments = ({
  text,
  isOpen,
}: {
  readonly text: string;
  readonly isOpen: boolean;
}): ReactElement => (
  <details open={isOpen}>
    <summary>All arguments, as sent</summary>
    <pre className={quoted.quoted} tabIndex={0} aria-label="Arguments">
      {visibleJson(text)}
    </pre>
  </details>
);

/** What the client has answered to the tool's questions decides on what runs too, so it is never folded. */
const Answers = ({ text }: { readonly text: string }): ReactElement => (
  <div>
    <p>The client has answered the tool&apos;s questions:</p>
    <pre className={quoted.quoted} tabIndex={0} aria-label="Answers of the client">
      {visibleJson(text)}
    </pre>
  </div>
);

export const Asked = ({ approval }: { readonly approval: ApprovalDetail }): ReactElement => (
  <>
    <p className={classes.reason}>
      <b>Why it asks:</b> {visible(approval.reason)}
    </p>
    <Lines approval={approval} />
    <Arguments text={approval.arguments} isOpen={linesOf(approval).more > 0} />
    {approval.answers !== undefined && <Answers text={approval.answers} />}
  </>
);
