/** The server card, and the catalog by which it is found. Both say where the endpoint is, and what the server says of itself. */
import { resourceOf } from "../../auth/site";
import type { Toolgate } from "../../registry/toolgate";
import { LEGACY_VERSIONS, MODERN_VERSION } from "../revision/versions";
import { serverInfoOf } from "../serverInfo";

export const CARD_TYPE = "application/mcp-server-card+json";
const CARD_SCHEMA = "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json";

/** What a card or the registry takes of a title or a description. */
const LONGEST = 100;

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

/** The name of a card has a namespace. Unless the app's own has one, that is the deployment's host, turned round. */
const nameOf = ({ app: { name }, origin }: Listed): string =>
  /^[a-zA-Z0-9.-]+\/[\w.-]+$/.test(name)
    ? name
    : `${new URL(origin).hostname.split(".").reverse().join(".")}/${partOf(name)}`;

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
export const serverCard = (listed: Listed): object => {
  const { app, origin, hasOAuth } = listed;
  const { version, title, description, websiteUrl, icons } = serverInfoOf(app);
  return {
    $schema: CARD_SCHEMA,
    name: nameOf(listed),
    version,
    title: title?.slice(0, LONGEST),
    description: (description ?? title ?? app.name).slice(0, LONGEST),
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
export const catalog = (listed: Listed): object => ({
  specVersion: "1.0",
  entries: [
    {
      identifier: `urn:air:${new URL(listed.origin).hostname}:mcp:${partOf(nameOf(listed))}`,
      type: CARD_TYPE,
      url: `${resourceOf(listed.origin)}/server-card`,
    },
  ],
});
