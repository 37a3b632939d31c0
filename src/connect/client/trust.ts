/** Who may connect. People paste a key into the page, so it is not shown for just any client. */
import { CURSOR, isLoopback } from "./redirect";

/** The hosts of well-known clients, which codes may be sent to and documents fetched from. */
const HOSTS = [
  "claude.ai",
  "claude.com",
  "chatgpt.com",
  "vscode.dev",
  "insiders.vscode.dev",
  "www.cursor.com",
  "global.consent.azure-apim.net",
];

/** The hosts and client URLs that the deployment adds, and `*` for all. */
const added = (): readonly string[] =>
  (process.env.TOOLGATE_OAUTH_CLIENTS ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

const isTrustedHost = (hostname: string): boolean =>
  HOSTS.includes(hostname) ||
  added().some((item) => item === "*" || item.toLowerCase() === hostname);

/** Whether the document of a client may be fetched, and what it says be believed. Nothing is fetched from any other. */
export const isTrustedDocument = (url: URL): boolean =>
  isTrustedHost(url.hostname) || added().includes(url.href);

/** Whether codes may be sent to a usable address by the word of a client that has registered itself. */
export const isTrustedRedirect = (url: URL): boolean =>
  isLoopback(url) || url.href === CURSOR || isTrustedHost(url.hostname);

/** The command by which an operator lets a host in. It does not tell strangers who was let in before. */
export const trustCommand = (host: string): string =>
  `npx convex env set TOOLGATE_OAUTH_CLIENTS ${host}`;
