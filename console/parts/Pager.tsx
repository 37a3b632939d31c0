/** Goes from page to page of a list. Absent while there is only one. */
import { Button } from "@mantine/core";
import type { ReactElement } from "react";
import type { Pages } from "../api/usePages";
import { Icon } from "./icons";
import classes from "./Pager.module.css";

type Words = readonly [before: string, after: string];

const NEWEST_FIRST: Words = ["Newer", "Older"];
export const OLDEST_FIRST: Words = ["Older", "Newer"];

export const Pager = ({
  pages: { page, next, previous },
  words: [before, after] = NEWEST_FIRST,
}: {
  readonly pages: Pick<Pages<unknown>, "page" | "next" | "previous">;
  /** What the buttons say. */
  readonly words?: Words;
}): ReactElement | null =>
  next === undefined && previous === undefined ? null : (
    <nav className={classes.pager} aria-label="Pages">
      <Button
        variant="default"
        leftSection={<Icon name="left" />}
        disabled={previous === undefined}
        {...(previous && { onClick: previous })}
      >
        {before}
      </Button>
      <span>Page {page}</span>
      <Button
        variant="default"
        rightSection={<Icon name="right" />}
        disabled={next === undefined}
        {...(next && { onClick: next })}
      >
        {after}
      </Button>
    </nav>
  );
