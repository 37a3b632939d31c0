/** How the official registry knows a server, and how others find its card. */
import { isObject, type Params } from "../../../src/wire/jsonrpc";
import { CARD_TYPE } from "../../../src/mcp/public/serverCard";
import type { Reply } from "../../doctor/ask";
import { isLoopbackHeader } from "../../loopback";
import { PATHS } from "../seen";
import { listAt, ofServer, textAt, type Rule } from "../rule";

const registry = ofServer("MCP Registry");
const card = ofServer("server card");

const PROOF = PATHS.registry;

const jsonIn = ({ text }: Reply): Params => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
};

const headersOf = ({ headers }: Reply) => ({
  type: (headers.get("content-type") ?? "").split(";")[0],
  origin: headers.get("access-control-allow-origin"),
  cache: headers.get("cache-control") ?? "",
});

/** The members that a card and `serverInfo` both have. */
const SHARED = ["version", "title", "description", "websiteUrl"] as const;

const CARD =
  "experimental-ext-server-card docs/discovery.md says how: deploy this version of toolgate.";

export const IDENTITY: readonly Rule[] = [
  registry({
    name: "registry-reach",
    level: "refused",
    where: "the URL",
    fix: "Give the URL of a deployment that everybody can reach, by https.",
    find: ({ url }) =>
      (url.protocol !== "https:" || isLoopbackHeader(url.host)) && `${url.origin} is not public`,
  }),
  registry({
    name: "registry-proof",
    level: "advice",
    where: PROOF,
    fix: "A name of your own domain is proven by it: npx convex env set TOOLGATE_REGISTRY_AUTH 'v=MCPv1; k=ed25519; p=…'. With a name of GitHub it is not needed.",
    find: ({ at: { registry: reply } }) => reply.status === 404 && "no proof is set",
  }),
  registry({
    name: "registry-auth",
    level: "refused",
    where: PROOF,
    fix: "Set TOOLGATE_REGISTRY_AUTH as docs/directories.md says.",
    find: ({ at: { registry: reply } }) => {
      const isProof = /^v=MCPv1; k=(?:ed25519|ecdsap384); p=[A-Za-z0-9+/=]+\s*$/.test(reply.text);
      const isGone = reply.status === 404;
      return !isGone && !isProof && "it has not the form v=MCPv1; k=ed25519; p=…";
    },
  }),
  card({
    name: "card",
    level: "refused",
    where: "the server card",
    fix: CARD,
    find: ({ at: { card: reply } }) => {
      const { type, origin, cache } = headersOf(reply);
      if (reply.status !== 200) return `HTTP ${reply.status}`;
      if (type !== CARD_TYPE) return `its type is ${type}`;
      if (origin !== "*") return "web pages of other origins cannot read it";
      return !cache.includes("max-age=3600") && "it does not say how long it may be kept";
    },
  }),
  card({
    name: "card-agrees",
    level: "refused",
    where: "the server card",
    fix: "Both come from defineToolgate: is one of them of an older deploy?",
    find: ({ at: { card: reply }, server }) => {
      const shown = jsonIn(reply);
      const other = SHARED.find((name) => textAt(shown, name) !== textAt(server, name));
      return (
        reply.status === 200 && other !== undefined && `its ${other} is not that of serverInfo`
      );
    },
  }),
  card({
    name: "card-tools",
    level: "refused",
    where: "the server card",
    fix: "A card shows no tools: what a caller may do depends on the caller.",
    find: ({ at: { card: reply } }) => "tools" in jsonIn(reply) && "it lists tools",
  }),
  card({
    name: "card-catalog",
    level: "refused",
    where: "/.well-known/mcp/catalog.json",
    fix: CARD,
    find: ({ at: { catalog: reply, card: own } }) => {
      if (reply.status !== 200) return `HTTP ${reply.status}`;
      return (
        own.status === 200 && !reply.text.includes("/server-card") && "it does not name the card"
      );
    },
  }),
];

/** Icons are shown by every directory. */
const claude = ofServer("Claude");

export const ICONS: readonly Rule[] = [
  card({
    name: "icons",
    level: "advice",
    where: "serverInfo",
    fix: "State `icons` in defineToolgate: a PNG by https. Icons as data: break the connection to claude.ai.",
    find: ({ server }) => {
      const icons = listAt(server, "icons").filter(isObject);
      if (icons.length === 0) return "it has no icons";
      const other = icons.find((icon) => !textAt(icon, "src").startsWith("https://"));
      return other && `an icon is at ${textAt(other, "src").slice(0, 40)}`;
    },
  }),
  claude({
    name: "favicon",
    level: "advice",
    where: "/favicon.ico",
    fix: "claude.ai shows the favicon of the domain: state `icons` in defineToolgate, or route it yourself.",
    find: ({
      at: {
        favicon: { status },
      },
    }) => ![200, 301, 302, 307, 308].includes(status) && `HTTP ${status}`,
  }),
];
