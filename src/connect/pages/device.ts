/** The pages for a device that shows a code (RFC 8628 section 3.3). */
import type { Decided } from "../../grants/device";
import { markup } from "./html";
import type { Look, Page } from "./page";
import { accessField, buttons, hidden, keyField, problemText, titleFor, who } from "./parts";
import { fill } from "./texts";

/** Asks for the code. A link may fill it in, but does not send it. */
export const codePage = ({ texts }: Look, action: string, code: string, problem?: string): Page => {
  const title = fill(texts.codeTitle, { app: texts.app });
  return {
    title,
    body: markup`<h1><b>${title}</b></h1><form method="post" action="${action}"><label for="code">${texts.code}</label><input class="code" id="code" name="user_code" type="text" value="${code}" required autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="${problem === undefined ? "" : "problem "}hint"${problem !== undefined && markup` aria-invalid="true"`}>${problemText("problem", problem)}<small id="hint">${texts.codeHint}</small><div class="row"><button class="main">${texts.next}</button></div></form>`,
  };
};

/** What a person decides on: the device that waits with a code. `access` is what it asked for, or what the person has chosen. */
export interface AskingDevice extends Decided {
  /** As the device shows it. */
  readonly code: string;
  readonly action: string;
  readonly problem?: string | undefined;
}

/** Asks whether the device may connect. */
export const devicePage = (look: Look, asking: AskingDevice): Page => {
  const { client, code, action, access, problem } = asking;
  const { texts } = look;
  return {
    title: titleFor(look, client),
    body: markup`${who(look, client)}<p class="code">${code}</p><p>${texts.compare}</p><form method="post" action="${action}">${hidden("user_code", code)}${keyField(look, problem)}${accessField(look, access)}${buttons(look, false)}</form>`,
  };
};

/** Tells how it ended. */
export const devicePageDone = ({ texts }: Look, isAllowed: boolean): Page => {
  const title = isAllowed ? texts.allowed : texts.refused;
  const hint = isAllowed ? texts.allowedHint : texts.refusedHint;
  return {
    title,
    body: markup`<h1><b>${title}</b></h1><p role="status">${hint}</p>`,
  };
};
