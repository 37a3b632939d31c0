/** Makes the replies that people see: what each page is told, and the headers of all. */
import type { Asked } from "../auth/authorization";
import { resourceOf } from "../auth/site";
import type { Access } from "../data/values";
import type { Choice } from "../grants/prove";
import type { Toolgate } from "../registry/toolgate";
import { safeHeaders } from "../wire/responses";
import type { Incoming } from "./incoming";
import { prefixOf, type ConnectOptions } from "./options";
import type { Problem } from "./problem";

type Page = Pick<Incoming, "app" | "options">;

/** What the page at the URL of the endpoint tells. */
export interface VisitView extends Page {
  readonly app: Toolgate;
  readonly options: ConnectOptions;
  readonly origin: string;
}

/** A message at the field for the key. */
export interface AtKey {
  readonly message: string;
  readonly status: number;
  /** In seconds. */
  readonly retryAfter?: number;
}

type ConsentView = Pick<Asked, "client" | "redirectUri" | "access"> & { readonly request: string };

type ToolsView = ConsentView & {
  readonly proven: string;
  readonly role: string;
  readonly tools: readonly Choice[];
};

/** `name` is that of the client, once the code was looked up. */
export interface DeviceView {
  readonly userCode?: string;
  readonly name?: string;
  readonly access?: Access;
  readonly codeError?: string;
  readonly keyError?: string;
}

/** The headers of every page. There is no `form-action`: Chromium and Safari would apply it to the client's own redirects as well. */
const pageHeaders = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
  ...safeHeaders,
};

const retryHeader = (seconds: number | undefined): Record<string, string> =>
  seconds === undefined ? {} : { "Retry-After": String(seconds) };

const html = (body: string, status = 200, headers: Readonly<Record<string, string>> = {}) =>
  new Response(`<!doctype html><html lang="en"><title>Connect</title>${body}`, {
    ...{ status, headers: { ...pageHeaders, ...headers } },
  });

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`);

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escaped(value)}">`;

const alert = (message: string | undefined): string =>
  message === undefined ? "" : `<p role="alert">${escaped(message)}</p>`;

const choice = (access: Access): string =>
  (["read", "all"] as const)
    .map((one) => {
      const checked = one === access ? " checked" : "";
      return `<label><input type="radio" name="access" value="${one}"${checked}>${one}</label>`;
    })
    .join("");

const keyField = '<input type="password" name="key" autocomplete="off">';

const buttons = (...decisions: readonly string[]): string =>
  decisions.map((one) => `<button name="decision" value="${one}">${one}</button>`).join("");

const form = ({ options }: Page, path: string, body: string): string =>
  `<form method="post" action="${escaped(prefixOf(options))}/${path}">${body}</form>`;

const headOf = ({ app }: Page, { client, redirectUri }: ConsentView): string => {
  const host = client.host ?? new URL(redirectUri).host;
  return `<h1>${escaped(host)} wants to use ${escaped(app.name)}</h1><p>${escaped(client.name)}</p>`;
};

/** The page on which the person consents, with a message at the field for the key if there is one. */
export const showConsent = (page: Page, view: ConsentView, at?: AtKey): Response =>
  html(
    headOf(page, view) +
      form(
        page,
        "authorize",
        hidden("request", view.request) +
          alert(at?.message) +
          keyField +
          choice(view.access) +
          buttons("allow", "choose", "cancel"),
      ),
    at?.status,
    retryHeader(at?.retryAfter),
  );

/** The second step, on which the person chooses tools. */
export const showTools = (page: Page, view: ToolsView): Response => {
  const { request, proven, access, tools } = view;
  const boxes = tools.map(
    ({ name }) => `<input type="checkbox" name="tool" value="${escaped(name)}" checked>`,
  );
  const fields = hidden("request", request) + hidden("proven", proven) + hidden("access", access);
  const body = fields + boxes.join("") + buttons("allow", "cancel");
  return html(headOf(page, view) + form(page, "authorize", body));
};

/** The page for the code of a device: first the code alone, then who waits with it. */
export const showDevice = (
  page: Page,
  { userCode = "", name, access = "all", codeError, keyError }: DeviceView,
  at: Partial<AtKey> = {},
): Response => {
  const code = `<input name="user_code" value="${escaped(userCode)}">${alert(codeError)}`;
  const rest =
    name === undefined
      ? "<button>Continue</button>"
      : `<p>${escaped(name)}</p>${hidden("client_name", name)}${alert(keyError)}${keyField}` +
        choice(access) +
        buttons("allow", "cancel");
  return html(form(page, "device", code + rest), at.status, retryHeader(at.retryAfter));
};

export const showDeviceDone = (_page: Page, isAllowed: boolean): Response =>
  html(`<p>${isAllowed ? "Connected" : "Refused"}. You can close this page.`);

/** Any error, on a page. */
export const tellOnPage = ({ message, detail }: Problem): Response =>
  html(
    `<h1>This did not work</h1><p>${escaped(message)}</p>${escaped(detail.hint ?? "")}`,
    detail.status ?? 400,
    detail.headers,
  );

export const visitPage = ({ app, origin }: VisitView): Response =>
  html(`<p>${escaped(app.name)}: ${escaped(resourceOf(origin))}`);

export const visitText = ({ app, origin }: VisitView): Response =>
  new Response(`${app.name}: an MCP server at ${resourceOf(origin)}\n`, {
    headers: { "Content-Type": "text/plain; charset=utf-8", ...safeHeaders },
  });
