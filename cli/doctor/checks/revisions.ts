/** The checks of the two protocol eras, and of the server's name and version in them. */
import { isObject, type Params } from "../../../src/wire/jsonrpc";
import { SERVER_INFO_KEY } from "../../../src/mcp/revision/meta";
import { LEGACY_VERSIONS, MODERN_VERSION } from "../../../src/mcp/revision/versions";
import { admitted, resultOf } from "../answer";
import type { Reply } from "../ask";
import type { Check } from "../check";
import type { Deployment } from "../deployment";
import { fail, ok, warn, type Finding } from "../finding";

const OTHER = "The deployment is of another version: deploy this one.";

const legacyRevision = (result: Params): Finding => {
  const { protocolVersion } = result;
  if (protocolVersion === LEGACY_VERSIONS[0]) return ok(`revision ${protocolVersion}`);
  return fail(`revision ${JSON.stringify(protocolVersion)}, not ${LEGACY_VERSIONS[0]}`, OTHER);
};

const modernRevision = ({ supportedVersions }: Params): Finding => {
  const versions = Array.isArray(supportedVersions) ? (supportedVersions as unknown[]) : [];
  if (versions.includes(MODERN_VERSION)) return ok(`revision ${MODERN_VERSION}`);
  return fail(`revisions ${JSON.stringify(versions)}, not ${MODERN_VERSION}`, OTHER);
};

/** `initialize`, with which clients of the 2025 revisions begin. */
export const initialize: Check = {
  name: "initialize",
  run: async (deployment) => legacyRevision(resultOf(admitted(await deployment.initialize()))),
};

/** `server/discover`, with which clients of revision 2026-07-28 begin. */
export const discover: Check = {
  name: "server/discover",
  run: async (deployment) => modernRevision(resultOf(admitted(await deployment.discover()))),
};

/** Returns `name version`; undefined if the server does not tell them. */
const serverOf = (info: unknown): string | undefined =>
  isObject(info) && typeof info.name === "string" && typeof info.version === "string"
    ? `${info.name} ${info.version}`
    : undefined;

const modernInfo = ({ _meta: meta }: Params): unknown =>
  isObject(meta) ? meta[SERVER_INFO_KEY] : undefined;

const told = async (
  reply: Promise<Reply>,
  infoIn: (result: Params) => unknown,
): Promise<string | undefined> => {
  try {
    return serverOf(infoIn(resultOf(await reply)));
  } catch {
    return undefined;
  }
};

const runVersion = async (deployment: Deployment): Promise<Finding> => {
  await deployment.dialect();
  const inLegacy = await told(deployment.initialize(), ({ serverInfo }) => serverInfo);
  const inModern = await told(deployment.discover(), modernInfo);
  const server = inLegacy ?? inModern;
  if (server === undefined) return warn("the server does not say what it is", OTHER);
  if (inModern === undefined || inModern === server) return ok(server);
  return warn(`${server} and ${inModern}`, "Two servers answer: is one of them an old deploy?");
};

/** The server must tell its name and version, and tell the same in both eras. */
export const version: Check = { name: "version", run: runVersion };
