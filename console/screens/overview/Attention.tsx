/** What needs somebody: the oldest call that waits, tools that fail, keys that end. */
import type { ReactElement, ReactNode } from "react";
import { Link } from "wouter";
import type { Overview } from "../../api/shapes";
import { Icon } from "../../parts/icons";
import { Section } from "../../parts/Page";
import { Time } from "../../parts/Time";
import classes from "./Attention.module.css";
import { cappedText, percentText } from "./groups";
import { ToolLink } from "./ToolLink";

/** From this share of failures on a tool is named, once it has been called often enough to say so. */
const FAILING = 0.05;
const ENOUGH = 10;

/** The most keys that are named. */
const KEYS = 3;

const waiting = ({ approvals: { waiting: count, oldestAt } }: Overview): ReactNode[] =>
  oldestAt === undefined
    ? []
    : [
        <>
          <Link href="/approvals">
            {count === 1 ? "1 call waits" : `${cappedText(count)} calls wait`} for approval
          </Link>
          ; the oldest was asked <Time at={oldestAt} />
        </>,
      ];

const failing = ({ tools }: Overview): ReactNode[] =>
  tools
    .filter(({ calls, failed }) => calls >= ENOUGH && failed / calls > FAILING)
    .map(({ tool, calls, failed }) => (
      <>
        <ToolLink tool={tool} more="&outcome=failed" /> fails in {percentText(failed, calls)} of its
        calls
      </>
    ));

const ending = ({ keysEnding }: Overview): ReactNode[] =>
  keysEnding.slice(0, KEYS).map(({ keyId, name, expiresAt }) => (
    <>
      The key <Link href={`/keys?key=${keyId}`}>{name}</Link> ends <Time at={expiresAt} />
    </>
  ));

export const Attention = ({ overview }: { readonly overview: Overview }): ReactElement | null => {
  const lines = [...waiting(overview), ...failing(overview), ...ending(overview)];
  if (lines.length === 0) return null;
  return (
    <Section title="Needs you">
      <ul className={classes.list}>
        {lines.map((line, at) => (
          // They are made anew as a whole, and hold no state.
          <li key={at} className={classes.line}>
            <Icon name="warning" />
            <span>{line}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
};
