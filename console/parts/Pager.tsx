/** Goes from page to page of a list. Absent while there is only one. */
import { Button } from "@mantine/core";
import type { ReactElement } from "react";
import type { Pages } from "../api/usePages";
import { Icon } from "./icons";
import classes from "./Pager.module.css";

export const Pager = ({
  pages: { page, next, previous },
}: {
  readonly pages: Pick<Pages<unknown>, "page" | "next" | "previous">;
}): ReactElement | null =>
  next === undefined && previous === undefined ? null : (
    <nav className={classes.pager} aria-label="Pages">
      <Button
        variant="default"
        leftSection={<Icon name="left" />}
        disabled={previous === undefined}
        {...(previous && { onClick: previous })}
      >
        Newer
      </Button>
      <span>Page {page}</span>
      <Button
        variant="default"
        rightSection={<Icon name="right" />}
        disabled={next === undefined}
        {...(next && { onClick: next })}
      >
        Older
      </Button>
    </nav>
  );
