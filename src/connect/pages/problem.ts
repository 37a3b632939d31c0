/** The page for what cannot go on, and cannot be told to the client. */
import { markup } from "./html";
import type { Look, Page } from "./page";

export interface Problem {
  readonly message: string;
  /** What somebody can do, and the command for it. */
  readonly hint?: string;
  readonly command?: string;
}

export const problemPage = ({ texts }: Look, { message, hint, command }: Problem): Page => ({
  title: texts.failed,
  body: markup`<h1><b>${texts.failed}</b></h1><p role="alert">${message}</p>${hint !== undefined && markup`<p class="soft">${hint}</p>`}${command !== undefined && markup`<pre tabindex="0">${command}</pre>`}`,
});
