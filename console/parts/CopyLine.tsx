/** A line to paste somewhere, with a button that copies it. */
import { ActionIcon, CopyButton } from "@mantine/core";
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
}): ReactElement => (
  <div className={classes.line}>
    <pre tabIndex={0} aria-label={label} className={classes.text}>
      {text}
    </pre>
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <ActionIcon
          className={classes.copy}
          variant="default"
          size={32}
          onClick={copy}
          aria-label={copied ? `Copied: ${label}` : `Copy: ${label}`}
        >
          <Icon name={copied ? "check" : "copy"} />
        </ActionIcon>
      )}
    </CopyButton>
  </div>
);
