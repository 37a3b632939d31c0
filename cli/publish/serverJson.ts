/** `server.json`, by which the MCP Registry lists a server. */
import { isListedName, listedNameOf, remoteOf } from "../../src/mcp/public/serverCard";
import { iconsFor, publicUrlOf } from "../../src/registry/icons";
import type { Server } from "../app/definition";
import { Failure, UsageError } from "../operate/run";
import type { Published } from "./published";

const SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";

/** What the registry takes for a range of versions, which it refuses. */
const RANGE = /^[~^<>=]|(?:^|\.)[xX*](?:\.|$)|\s|\|\||^latest$/;

const checkVersion = ({ version }: Server): void => {
  if (version === "" || version.length > 255 || RANGE.test(version))
    throw new Failure(
      `The registry takes one version, such as 1.0.0, not ${JSON.stringify(version)}: state it in defineToolgate.`,
    );
};

const descriptionOf = ({ description }: Server): string => {
  if (description === undefined)
    throw new Failure("State a description in defineToolgate: the registry asks for one.");
  return description;
};

const nameOf = (stated: string | undefined, { name }: Server, origin: string): string => {
  if (stated !== undefined && !isListedName(stated))
    throw new UsageError("Give --name as a namespace of yours and a name: io.github.acme/erp");
  return stated ?? listedNameOf(name, origin);
};

/**
 * Makes `server.json`.
 *
 * @param name - in the registry; in the namespace of the URL's host unless stated.
 * @throws Failure or UsageError that says what the registry would refuse.
 * @see modelcontextprotocol/registry, server.json 2025-12-11
 */
export const serverJson = ({ server, hasOAuth }: Published, url: URL, name?: string) => {
  checkVersion(server);
  const { title, version, websiteUrl, icons } = server;
  return {
    $schema: SCHEMA,
    name: nameOf(name, server, url.origin),
    title,
    description: descriptionOf(server),
    version,
    websiteUrl: websiteUrl && publicUrlOf(websiteUrl, url.origin),
    icons: iconsFor(icons, url.origin),
    remotes: [remoteOf(url.href, hasOAuth)],
  };
};

/** How the publisher proves that the namespace is theirs. */
export const proofOf = (name: string, { hostname }: URL): string[] => {
  const [namespace = ""] = name.split("/");
  if (namespace.startsWith("io.github."))
    return [`mcp-publisher login github      as ${namespace.slice("io.github.".length)}`];
  const domain = namespace.split(".").reverse().join(".");
  return domain === hostname
    ? [
        "set TOOLGATE_REGISTRY_AUTH of the deployment to v=MCPv1; k=ed25519; p=<public key>",
        `mcp-publisher login http --domain ${domain} --private-key <key>`,
      ]
    : [
        `add a TXT record to ${domain}: v=MCPv1; k=ed25519; p=<public key>`,
        `mcp-publisher login dns --domain ${domain} --private-key <key>`,
      ];
};
