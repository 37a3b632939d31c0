/** The page for whoever opens the URL of the MCP endpoint: what this is, and how each client connects. */
import type { Toolgate } from "../../registry/toolgate";
import { resourceOf } from "../../auth/site";
import { ways, type Way } from "./clients";
import { markup, type Html } from "./html";
import type { Look, Page } from "./page";
import { fill } from "./texts";

/** What the page knows. */
export interface Visited {
  readonly app: Toolgate;
  /** Of the deployment. */
  readonly origin: string;
}

const line = (text: string): Html => markup`<pre tabindex="0">${text}</pre>`;

const wayOf = ({ name, how, lines, link }: Way): Html =>
  markup`<section><h2>${name}</h2>${link !== undefined && markup`<p><a class="button inline" href="${link.href}">${link.label}</a></p>`}<p>${how}</p>${lines.map(line)}</section>`;

/** The page, in HTML. */
export const visitPage = ({ texts }: Look, { app, origin }: Visited): Page => {
  const url = resourceOf(origin);
  const { app: name } = texts;
  return {
    title: fill(texts.visitTitle, { app: name }),
    isWide: true,
    body: markup`<h1><b>${name}</b> ${texts.visitIs}</h1><p>${fill(texts.visitHow, { app: name })}</p>${line(url)}${app.instructions !== undefined && markup`<p class="box">${app.instructions}</p>`}${ways(texts, url).map(wayOf)}`,
  };
};

/** The same as a text, for agents and for terminals. It is Markdown that reads well as it is. */
export const visitText = ({ texts }: Look, { app, origin }: Visited): string => {
  const url = resourceOf(origin);
  const code = (text: string) => `    ${text}`;
  const parts = ways(texts, url).flatMap(({ name, how, lines }) => [
    ...[`## ${name}`, how, ...lines.map(code)],
  ]);
  return `${[
    `# ${texts.app}`,
    texts.visitIs,
    fill(texts.visitHow, { app: texts.app }),
    code(url),
    ...(app.instructions === undefined ? [] : [app.instructions]),
    ...parts,
  ].join("\n\n")}\n`;
};
