/** Looks at a server as directories do: with a key for what it lists, and without one for the rest. */
import { isObject, type Params } from "../../src/wire/jsonrpc";
import { admitted, resultOf } from "../doctor/answer";
import type { Ask, Reply } from "../doctor/ask";
import { deploymentAt, type Deployment } from "../doctor/deployment";
import { namedBy, RESOURCE_PATH, SERVER_PATH } from "../doctor/oauth";
import { LIMITS, type Target } from "../doctor/target";
import { PATHS, type Seen, type SeenTool } from "./seen";

/** Directories give a server ten seconds; the doctor's five are too few to see that it takes longer. */
const REQUEST_MS = 15_000;

/** More pages than this are no list that a client would read. */
const MAX_PAGES = 100;

const isTool = (tool: Params): tool is SeenTool => typeof tool.name === "string";

/** Reads a list to its last page. */
const listOf = async (deployment: Deployment, method: string, member: string) => {
  const dialect = await deployment.dialect();
  const all: Params[] = [];
  let cursor: unknown;
  for (let page = 0; page < MAX_PAGES; page++) {
    const asked = dialect.ask(method, cursor === undefined ? {} : { cursor });
    const result = resultOf(admitted(await deployment.askWithKey(asked)));
    const items = result[member];
    if (Array.isArray(items)) all.push(...(items as unknown[]).filter(isObject));
    cursor = result.nextCursor;
    if (cursor === undefined) break;
  }
  return all;
};

const objectIn = ({ status, text }: Reply): Params => {
  if (status !== 200) return {};
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
};

/** A refresh token that was never issued. A client starts anew only if the answer is `invalid_grant`. */
const madeUp: Ask = {
  headers: { "Content-Type": "application/x-www-form-urlencoded" },
  body: "grant_type=refresh_token&refresh_token=none&client_id=none",
};

const refreshAt = async (deployment: Deployment, { token_endpoint: place }: Params) =>
  typeof place === "string" &&
  URL.canParse(place) &&
  new URL(place).origin === deployment.target.url.origin
    ? deployment.ask(madeUp, new URL(place))
    : undefined;

/** What the 401 names, or else what lies where clients look (RFC 9728 section 3.1). */
const resourceOf = async ({ read, target, toStranger }: Deployment): Promise<Params> => {
  const named = namedBy(await toStranger());
  const place = named !== undefined && URL.canParse(named) ? new URL(named) : undefined;
  const isOwn = place?.origin === target.url.origin;
  return objectIn(await read(isOwn ? place.pathname : RESOURCE_PATH + target.url.pathname));
};

const pathsOf = async ({ read, target }: Deployment): Promise<Seen["at"]> => {
  const base = target.url.pathname.replace(/\/?$/, "/");
  const found = Object.entries(PATHS).map(async ([name, path]) => {
    const place = path.startsWith("/") ? path : base + path;
    return [name, await read(place)] as const;
  });
  return Object.fromEntries(await Promise.all(found)) as Seen["at"];
};

/**
 * Looks at a server.
 *
 * @param target - its URL, and a key that may call every tool that is to be listed.
 * @throws NoReply, or Verdict if an answer is none of MCP, or the key is refused.
 */
export const look = async (target: Target): Promise<Seen> => {
  const deployment = deploymentAt(target, { ...LIMITS, requestMs: REQUEST_MS });
  const stranger = await deployment.toStranger();
  const first = await deployment.initialize();
  const { serverInfo, instructions, capabilities } = resultOf(admitted(first));
  const hasResources = isObject(capabilities) && isObject(capabilities.resources);
  const authorization = objectIn(await deployment.read(SERVER_PATH));
  return {
    url: target.url,
    server: isObject(serverInfo) ? serverInfo : {},
    instructions: typeof instructions === "string" ? instructions : "",
    firstMs: first.ms,
    tools: (await listOf(deployment, "tools/list", "tools")).filter(isTool),
    resources: hasResources ? await listOf(deployment, "resources/list", "resources") : [],
    stranger,
    resource: await resourceOf(deployment),
    authorization,
    refresh: await refreshAt(deployment, authorization),
    at: await pathsOf(deployment),
  };
};
