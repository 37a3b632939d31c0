/** The frame of every page, and the Response that carries it. */
import type { Toolgate } from "../../registry/toolgate";
import { safeHeaders } from "../../wire/responses";
import type { ConnectOptions } from "../options";
import { markup, type Html } from "./html";
import { style, STYLE_DIGEST } from "./style";
import { textsOf, type Texts } from "./texts";

/** What every page knows: its texts and its logo. */
export interface Look {
  readonly texts: Texts;
  readonly logo?: string | undefined;
}

/** The look of an app's pages. */
export const lookOf = ({ name, title }: Toolgate, { texts, logo }: ConnectOptions): Look => ({
  texts: textsOf(title ?? name, texts),
  logo,
});

/**
 * The headers of a page (OWASP ASVS 5.0, 3.4). There is no `form-action`: browsers hold it against all redirects that follow a form, and
 * the way back to the client is one. `Referrer-Policy: no-referrer` would make the page's own form say `Origin: null`.
 */
const headersOf = ({ logo }: Look) => ({
  ...safeHeaders,
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_DIGEST}'`,
    ...(logo === undefined ? [] : ["img-src data:"]),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
});

/** A page to send. */
export interface Page {
  readonly title: string;
  readonly body: Html;
  readonly isWide?: boolean;
}

/** @param status - 200 unless stated. */
export const respond = (look: Look, { title, body, isWide }: Page, status = 200): Response => {
  const { texts, logo } = look;
  const { html: text } =
    markup`<!doctype html><html lang="${texts.lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${title}</title>${style()}</head><body><main class="${isWide === true ? "wide" : ""}"><div class="card">${logo !== undefined && markup`<img class="logo" src="${logo}" alt="">`}${body}</div></main></body></html>`;
  return new Response(text, { status, headers: headersOf(look) });
};
