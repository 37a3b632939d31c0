/** The server card, and the catalog by which it is found. Both say where the endpoint is, and what the server says of itself. */
import { resourceOf } from "../../auth/site";
import { cut } from "../../base/text";
import type { Toolgate } from "../../registry/toolgate";
import { LEGACY_VERSIONS, MODERN_VERSION } from "../revision/versions";
import { serverInfoOf } from "../serverInfo";

export const CARD_TYPE = "application/mcp-server-card+json";
const CARD_SCHEMA = "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json";

/** The characters that a card or the registry takes of a title or a description. */
export const MAX_ABOUT = 100;

/** A deployment as the card describes it. */
export interface Listed {
  readonly app: Toolgate;
  /** Of the deployment. */
  readonly origin: string;
  /** Whether people can let a client in by a page. Otherwise it has to send a key. */
  readonly hasOAuth: boolean;
}

/** The part of a name behind the slash. */
const partOf = (name: string): string => name.replace(/^.*\//, "").replace(/[^\w.-]+/g, "-");

/** A host as a namespace: turned round. */
const namespaceOf = (origin: string): string =>
  new URL(origin).hostname.split(".").reverse().join(".");

/** Whether a name has the form that cards and the registry ask for: a namespace, a slash, a name. */
export const isListedName = (name: string): boolean =>
  name.length <= 200 && /^[a-zA-Z0-9.-]+\/[\w.-]+$/.test(name);

/** The name in directories: the app's own if it has a namespace, else one in the namespace of the deployment's host. */
export const listedNameOf = (name: string, origin: string): string =>
  isListedName(name) ? name : `${namespaceOf(origin)}/${partOf(name)}`.slice(0, 200);

/** The header that carries a key. The registry's `server.json` describes it in the same words. */
const authorization = {
  name: "Authorization",
  description: "A key of this server, which its operator issues",
  isRequired: true,
  isSecret: true,
  value: "Bearer {key}",
  variables: { key: { description: "The key", isRequired: true, isSecret: true } },
};

/** Where and how a client connects. The server's address alone is enough if there is OAuth. */
export const remoteOf = (url: string, hasOAuth: boolean) => ({
  type: "streamable-http",
  url,
  headers: hasOAuth ? undefined : [authorization],
});

/**
 * The card. It lists no tools: those depend on who asks.
 *
 * @see SEP-2127; modelcontextprotocol/experimental-ext-server-card 8924e08, schema.ts and docs/discovery.md
 */
export const serverCard = ({ app, origin, hasOAuth }: Listed): object => {
  const { version, title, description, websiteUrl, icons } = serverInfoOf(app);
  return {
    $schema: CARD_SCHEMA,
    name: listedNameOf(app.name, origin),
    version,
    title: title && cut(title, MAX_ABOUT),
    description: cut(description ?? title ?? app.name, MAX_ABOUT),
    ...{ websiteUrl, icons },
    remotes: [
      {
        ...remoteOf(resourceOf(origin), hasOAuth),
        supportedProtocolVersions: [MODERN_VERSION, ...LEGACY_VERSIONS],
      },
    ],
  };
};

/** The catalog of this host, with its one server. */
export const catalog = ({ app, origin }: Listed): object => ({
  specVersion: "1.0",
  entries: [
    {
      identifier: `urn:air:${new URL(origin).hostname}:mcp:${partOf(app.name)}`,
      type: CARD_TYPE,
      url: `${resourceOf(origin)}/server-card`,
    },
  ],
});
