/** A line to paste somewhere, with a button that copies it. */
import { ActionIcon } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import type { ReactElement } from "react";
import classes from "./CopyLine.module.css";
import { Icon } from "./icons";

/** @param label - what the line is, for those who cannot see it: `The key`. */
export const CopyLine = ({
  text,
  label,
}: {
  readonly text: string;
  readonly label: string;
}): ReactElement => {
  const { copied, copy, error } = useClipboard({ timeout: 1_000 });
  return (
    <>
      <div className={classes.line}>
        <pre tabIndex={0} aria-label={label} className={classes.text}>
          {text}
        </pre>
        <ActionIcon
          className={classes.copy}
          variant="default"
          size={32}
          onClick={() => {
            copy(text);
          }}
          aria-label={copied ? `Copied: ${label}` : `Copy: ${label}`}
        >
          <Icon name={copied ? "check" : "copy"} />
        </ActionIcon>
      </div>
      {/* Else a key that is shown once would be taken for copied, and be lost. */}
      {error !== null && (
        <p role="alert">The browser did not copy it: select it and copy it by hand.</p>
      )}
    </>
  );
};
