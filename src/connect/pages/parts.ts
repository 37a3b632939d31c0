/** Parts that several pages have: who asks, the key, the access, the buttons. */
import { inQuotes, onOneLine } from "../../base/plainText";
import type { Access, Client } from "../../data/values";
import { markup, type Html } from "./html";
import type { Look } from "./page";
import { fill, type Texts } from "./texts";

/** The most characters that are shown of a text of the client. */
const SHOWN = 60;

const LOCAL = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$|^anysphere\.cursor-mcp$/;

/** The most characters of the description of a tool: descriptions are written for agents, and long. */
const MAX_HINT = 160;

/** The end of a host tells whose it is: `claude.ai.a-long-name.evil.example` belongs to evil.example. */
const endOf = (host: string): string => (host.length > SHOWN ? `…${host.slice(-SHOWN)}` : host);

/** Who asks, as certain as it can be said: where the code goes. */
export const hostOf = (texts: Texts, { host }: Client): string => {
  if (host === undefined) return texts.device;
  return LOCAL.test(host) ? texts.program : endOf(onOneLine(host, host.length));
};

/** The heading: first the host, which the client cannot choose freely, then the name that it gives itself. */
export const who = ({ texts }: Look, client: Client): Html =>
  markup`<h1><b>${hostOf(texts, client)}</b> ${fill(texts.wants, { app: texts.app })}</h1><p class="soft">${fill(texts.calledItself, { name: inQuotes(client.name, SHOWN) })}</p>${!client.verified && markup`<p class="box warn">${texts.unverified}</p>`}`;

/** The title of a page about a client. */
export const titleFor = ({ texts }: Look, client: Client): string =>
  `${hostOf(texts, client)} ${fill(texts.wants, { app: texts.app })}`;

export const problemText = (id: string, message: string | undefined): Html | undefined =>
  message === undefined
    ? undefined
    : markup`<p class="error" id="${id}" role="alert">${message}</p>`;

/** The field for the key. It is never filled in again. */
export const keyField = ({ texts }: Look, problem: string | undefined): Html =>
  markup`<label for="key">${texts.key}</label><input id="key" name="key" type="password" required autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="${problem === undefined ? "" : "problem "}hint"${problem !== undefined && markup` aria-invalid="true"`}>${problemText("problem", problem)}<small id="hint">${fill(texts.keyHint, { app: texts.app })}</small>`;

const pick = (
  attributes: { type: string; name: string; value: string; isChecked: boolean },
  label: string,
  hint: string,
): Html => {
  const { type, name, value, isChecked } = attributes;
  return markup`<label class="pick"><input type="${type}" name="${name}" value="${value}"${isChecked && markup` checked`}><span><b>${label}</b><small>${hint}</small></span></label>`;
};

/** The choice between reading and all. */
export const accessField = ({ texts }: Look, access: Access): Html => {
  const choice = (value: Access, label: string, hint: string) =>
    pick({ type: "radio", name: "access", value, isChecked: value === access }, label, hint);
  return markup`<fieldset><legend>${texts.access}</legend>${choice("read", texts.read, texts.readHint)}${choice("all", texts.all, texts.allHint)}</fieldset>`;
};

/** One tool to choose. */
export const toolField = (name: string, label: string, hint: string): Html =>
  pick(
    { type: "checkbox", name: "tool", value: name, isChecked: false },
    label,
    onOneLine(hint, MAX_HINT),
  );

export const hidden = (name: string, value: string): Html =>
  markup`<input type="hidden" name="${name}" value="${value}">`;

/** The buttons. The first is what Enter does. */
export const buttons = ({ texts }: Look, canChoose: boolean): Html =>
  markup`<div class="row"><button class="main" name="decision" value="allow">${texts.allow}</button>${canChoose && markup`<button name="decision" value="choose">${texts.chooseTools}</button>`}<button name="decision" value="cancel" formnovalidate>${texts.cancel}</button></div>`;
