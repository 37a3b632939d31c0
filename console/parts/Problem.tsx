/** Says that something failed: what, and what to do. */
import { Button } from "@mantine/core";
import type { ReactElement } from "react";
import { failureOf } from "../api/failure";
import { Note } from "./Note";

/** What the deployment says to a key that may not do something. */
const NO_PERMISSION = new Set(["forbidden", "no_permission"]);

const isForbidden = (error: unknown): boolean => NO_PERMISSION.has(failureOf(error).code);

/** @param retry - absent if trying again is up to the form around it. */
export const Problem = ({
  error,
  retry,
}: {
  readonly error: unknown;
  readonly retry?: () => void;
}): ReactElement => {
  const failure = failureOf(error);
  const title = isForbidden(failure) ? "The deploy key of this console may not do this" : undefined;
  return (
    <Note
      tone="bad"
      title={title ?? "This did not work"}
      actions={
        retry && (
          <Button variant="default" onClick={retry}>
            Try again
          </Button>
        )
      }
    >
      {failure.message} <code>{failure.code}</code>
    </Note>
  );
};
