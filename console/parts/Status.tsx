/** How something ended or stands: an icon, a word, and a colour, so that none of them must be told apart alone. */
import type { ReactElement } from "react";
import { Icon, type IconName } from "./icons";
import classes from "./Status.module.css";

type Tone = "good" | "bad" | "waiting" | "dim" | "plain";

const LOOKS = {
  // Outcomes of calls.
  succeeded: ["check", "good", "Succeeded"],
  answered: ["check", "good", "Answered"],
  started: ["play", "plain", "Started"],
  replayed: ["repeat", "plain", "Replayed"],
  held: ["pause", "waiting", "Held"],
  asked: ["question", "waiting", "Asked the user"],
  denied: ["ban", "bad", "Denied"],
  failed: ["cross", "bad", "Failed"],
  cancelled: ["stop", "dim", "Cancelled"],
  unknown: ["question", "waiting", "Unknown"],
  // States of jobs.
  awaiting_approval: ["pause", "waiting", "Waiting for approval"],
  queued: ["clock", "plain", "Queued"],
  working: ["play", "plain", "Working"],
  input_required: ["question", "waiting", "Waits for the user"],
  // States of keys, connections and approvals.
  active: ["check", "good", "Active"],
  pending: ["clock", "waiting", "Pending"],
  expired: ["clock", "dim", "Expired"],
  revoked: ["ban", "dim", "Revoked"],
  rotated: ["repeat", "dim", "Rotated"],
  approved: ["check", "good", "Approved"],
} as const satisfies Record<string, readonly [IconName, Tone, string]>;

export type StatusName = keyof typeof LOOKS;

/** The word for a status, for filters and the like. */
export const statusWord = (of: StatusName): string => LOOKS[of][2];

/** @param word - instead of the usual one. */
export const Status = ({
  of,
  word,
}: {
  readonly of: StatusName;
  readonly word?: string;
}): ReactElement => {
  const [icon, tone, usual] = LOOKS[of];
  return (
    <span className={classes.status} data-tone={tone}>
      <Icon name={icon} size={14} />
      {word ?? usual}
    </span>
  );
};
