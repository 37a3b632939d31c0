/** What comes back from a call, part by part. */
import type { ReactElement } from "react";
import { durationText } from "../../parts/spans";
import { Status, type StatusName } from "../../parts/Status";
import { visible } from "../../text/plain";
import quoted from "../../parts/quoted.module.css";
import type { Part } from "./readAnswer";
import classes from "./tools.module.css";
import type { Call } from "./useCall";

const LOOKS: Readonly<Record<Part["kind"], readonly [of: StatusName, word: string]>> = {
  result: ["succeeded", "Result"],
  failed: ["failed", "The tool failed"],
  error: ["denied", "Error"],
  told: ["started", "Told on the way"],
};

const headText = ({ head, isOpen, ms }: Call): string => {
  const status =
    head === undefined ? "Sent" : `HTTP ${head.status}, ${head.isStream ? "event stream" : "JSON"}`;
  if (isOpen) return `${status} …`;
  return ms === undefined ? status : `${status}, ${durationText(ms)}`;
};

export const Answer = ({ call }: { readonly call: Call }): ReactElement => (
  <section className={classes.answer} aria-label="Answer">
    <p role="status">{headText(call)}</p>
    <ol className={classes.parts}>
      {call.parts.map(({ kind, text, said, ms }, at) => {
        const [of, word] = LOOKS[kind];
        return (
          <li key={at}>
            <span className={classes.partHead}>
              <Status of={of} word={word} />
              <span>after {durationText(ms)}</span>
            </span>
            <pre className={quoted.quoted} tabIndex={0} aria-label={word}>
              {visible(said ?? text)}
            </pre>
            {said !== undefined && (
              <details>
                <summary>The whole message</summary>
                <pre className={quoted.quoted} tabIndex={0} aria-label={`${word}: the message`}>
                  {visible(text)}
                </pre>
              </details>
            )}
          </li>
        );
      })}
    </ol>
    {call.broken !== undefined && <p className={classes.broken}>{call.broken}</p>}
  </section>
);
