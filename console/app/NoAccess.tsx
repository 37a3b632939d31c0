/** What stands here without a token that the server takes. */
import type { ReactElement } from "react";
import { Note } from "../parts/Note";
import classes from "./NoAccess.module.css";

const WHY = {
  none: "This tab has no token.",
  refused: "The server does not take the token of this tab. It was started again, or ended.",
};

export const NoAccess = ({ why }: { readonly why: keyof typeof WHY }): ReactElement => (
  <main className={classes.page}>
    <h1 className={classes.title}>Toolgate console</h1>
    <Note tone="waiting" title={WHY[why]}>
      <p>
        Open the console by the address that the terminal shows: after <code>npm start</code>, or
        after <code>npx toolgate console</code>. It ends in <code>#t=…</code> and is good for as
        long as that command runs.
      </p>
    </Note>
  </main>
);
