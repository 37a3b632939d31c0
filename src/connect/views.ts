/** Makes the replies that people see: it picks the texts of what happened, and gives them to the pages. */
import type { Asked, Authorization } from "../auth/authorization";
import type { Access, Client } from "../data/values";
import type { Proven } from "../grants/prove";
import type { Refused } from "../grants/refused";
import { safeHeaders } from "../wire/responses";
import type { Incoming } from "./incoming";
import { prefixOf } from "./options";
import { consentPage, toolsPage, type Asking } from "./pages/consent";
import { codePage, devicePage, devicePageDone } from "./pages/device";
import { lookOf, respond, type Look, type Page } from "./pages/page";
import { problemPage } from "./pages/problem";
import { fill, type Texts } from "./pages/texts";
import { visitPage, visitText } from "./pages/visit";
import type { Problem } from "./problem";

type OnPage = Pick<Incoming, "app" | "options">;

type Refusal = Refused["refusal"];

const look = ({ app, options }: OnPage): Look => lookOf(app, options);

const action = ({ options }: OnPage, path: string): string => `${prefixOf(options)}/${path}`;

/** What a person reads at the field of what has to be done again. */
const lineFor = (texts: Texts, refusal: Refusal): string => {
  switch (refusal.kind) {
    case "invalid_key":
      return texts.invalidKey;
    case "rate_limit":
      return fill(texts.busy, { seconds: refusal.retryAfter });
    case "too_many":
      return texts.tooMany;
    case "unknown_code":
      return texts.unknownCode;
    default:
      return refusal.message;
  }
};

/** A page to fill in again has 200, since browsers keep what was typed then; but whoever must wait is told how long. */
const answer = (as: Look, page: Page, refusal?: Refusal): Response => {
  if (refusal?.kind !== "rate_limit") return respond(as, page);
  const response = respond(as, page, 429);
  response.headers.set("Retry-After", String(refusal.retryAfter));
  return response;
};

type ConsentView = Pick<Asked, "client" | "access"> & { readonly request: string };

const asking = (
  page: OnPage,
  { client, access, request }: ConsentView,
  problem?: string,
): Asking => ({ client, access, request, action: action(page, "authorize"), problem });

/** The page on which the person consents. @param refusal - why it is shown again. */
export const showConsent = (page: OnPage, view: ConsentView, refusal?: Refusal): Response => {
  const as = look(page);
  const problem = refusal && lineFor(as.texts, refusal);
  return answer(as, consentPage(as, asking(page, view, problem)), refusal);
};

/** The second step, on which the person chooses tools. @param isAgain - none was chosen. */
export const showTools = (
  page: OnPage,
  view: ConsentView & { readonly proven: string; readonly isAgain: boolean },
  key: Proven,
): Response => {
  const as = look(page);
  const problem = view.isAgain ? as.texts.noTool : undefined;
  return respond(as, toolsPage(as, asking(page, view, problem), key, view.proven));
};

/** Asks for the code of a device. @param refusal - why it has to be typed again. */
export const showCode = (page: OnPage, userCode: string, refusal?: Refusal): Response => {
  const as = look(page);
  const problem = refusal && lineFor(as.texts, refusal);
  return answer(as, codePage(as, action(page, "device"), userCode, problem), refusal);
};

/** A device that waits. */
export interface DeviceView {
  readonly userCode: string;
  readonly client: Client;
  readonly access: Access;
}

/** Asks whether a device may connect. @param refusal - why the key has to be typed again. */
export const showDevice = (page: OnPage, view: DeviceView, refusal?: Refusal): Response => {
  const as = look(page);
  const problem = refusal && lineFor(as.texts, refusal);
  const { userCode: code, client, access } = view;
  const shown = { client, access, code, action: action(page, "device"), problem };
  return answer(as, devicePage(as, shown), refusal);
};

export const showDeviceDone = (page: OnPage, isAllowed: boolean): Response => {
  const as = look(page);
  return respond(as, devicePageDone(as, isAllowed));
};

const messageOf = ({ texts }: Look, { code, message, detail: { told } }: Problem): string => {
  if (told !== undefined) return fill(texts[told.text], told.values ?? {});
  return code === "invalid_request" ? fill(texts.malformed, { problem: message }) : message;
};

/** Any error, on a page. */
export const tellOnPage = (problem: Problem, page: OnPage): Response => {
  const as = look(page);
  const { status = 400, headers = {}, command } = problem.detail;
  const advice = command === undefined ? {} : { hint: as.texts.untrustedHint, command };
  const shown = problemPage(as, { message: messageOf(as, problem), ...advice });
  const response = respond(as, shown, status);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
};

/** The page of the endpoint's own URL. */
export const showVisit = (page: OnPage, origin: string): Response => {
  const as = look(page);
  return respond(as, visitPage(as, { app: page.app, origin }));
};

/** The same as a text, for agents and terminals. */
export const showVisitText = (page: OnPage, origin: string): Response =>
  new Response(visitText(look(page), { app: page.app, origin }), {
    headers: { "Content-Type": "text/markdown; charset=utf-8", ...safeHeaders },
  });

/** The request, as the page tells of it. */
export const viewOf = (
  { client, access }: Pick<Authorization, "client" | "access">,
  request: string,
): ConsentView => ({ client, access, request });
