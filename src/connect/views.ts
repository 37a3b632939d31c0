/** Makes the replies that people see. */
import type { Toolgate } from "../registry/toolgate";
import { resourceOf } from "../auth/site";
import { safeHeaders } from "../wire/responses";
import type { ConnectOptions } from "./options";

/** What the page at the URL of the endpoint tells. */
export interface VisitView {
  readonly app: Toolgate;
  readonly options: ConnectOptions;
  readonly origin: string;
}

const reply = (text: string, type: string, status = 200): Response =>
  new Response(text, {
    status,
    headers: { "Content-Type": `${type}; charset=utf-8`, ...safeHeaders },
  });

export const visitText = ({ app, origin }: VisitView): Response =>
  reply(`${app.name}: an MCP server at ${resourceOf(origin)}\n`, "text/plain");

export const visitPage = ({ app, origin }: VisitView): Response =>
  reply(`<!doctype html><title>MCP</title><p>${app.name}: ${resourceOf(origin)}`, "text/html");
