/** Answers initialize and ping (2025 revisions) and server/discover (2026-07-28). */
import { STOPPED, STOPPED_META, stopped } from "../../auth/stop";
import { ErrorCode, RpcError } from "../../wire/jsonrpc";
import type { Handle } from "../exchange";
import type { Toolgate } from "../../registry/toolgate";
import { isViewUri } from "../../registry/views";
import { SERVER_INFO_KEY, TASKS_EXTENSION, UI_EXTENSION } from "../revision/meta";
import { MODERN_VERSION, negotiate } from "../revision/versions";
import { serverInfoOf } from "../serverInfo";

/** The changes that clients can listen to with `subscriptions/listen`. */
interface Subscriptions {
  readonly listChanged?: true;
  readonly subscribe?: true;
}

/** The extensions that both eras have: views, if the registry has any. */
const extensionsOf = ({ resources = {} }: Toolgate) =>
  Object.keys(resources).some(isViewUri) ? { [UI_EXTENSION]: {} } : undefined;

/** The capabilities of this server. Resources, prompts and views are announced only if the registry has any. */
const capabilitiesOf = (app: Toolgate, { listChanged, subscribe }: Subscriptions = {}) => {
  const { resources = {}, prompts = {} } = app;
  return {
    tools: { listChanged },
    resources: Object.keys(resources).length > 0 ? { listChanged, subscribe } : undefined,
    prompts: Object.keys(prompts).length > 0 ? { listChanged } : undefined,
    completions: {},
    logging: {},
    extensions: extensionsOf(app),
  };
};

/** What the model should know of the server, and in `_meta` whether its operator has stopped what writes. The doctor looks there. */
const toldTo = ({
  instructions,
}: Toolgate): { readonly instructions: string | undefined; readonly _meta?: object } => {
  const what = stopped();
  if (what === undefined) return { instructions };
  return {
    instructions: [STOPPED[what], instructions].filter(Boolean).join("\n\n"),
    _meta: { [STOPPED_META]: what },
  };
};

/**
 * Answers with the client's revision if it is served, else with the newest of the 2025 revisions. Nothing is stored.
 *
 * @throws RpcError -32602 without a `protocolVersion`.
 */
export const initialize: Handle = ({ message: { params }, app }) => {
  const { protocolVersion } = params;
  if (typeof protocolVersion !== "string") {
    throw new RpcError(
      ErrorCode.InvalidParams,
      'Invalid params: "protocolVersion" must be a string',
    );
  }
  return Promise.resolve({
    protocolVersion: negotiate(protocolVersion),
    capabilities: capabilitiesOf(app),
    serverInfo: serverInfoOf(app),
    ...toldTo(app),
  });
};

export const ping: Handle = () => Promise.resolve({});

/** Answers with the revisions of this era, the capabilities and the instructions of the app, and all that it says of itself. */
export const discover: Handle = ({ app }) => {
  const { instructions, _meta } = toldTo(app);
  return Promise.resolve({
    supportedVersions: [MODERN_VERSION],
    capabilities: {
      ...capabilitiesOf(app, { listChanged: true, subscribe: true }),
      extensions: { [TASKS_EXTENSION]: {}, ...extensionsOf(app) },
    },
    instructions,
    _meta: { ..._meta, [SERVER_INFO_KEY]: serverInfoOf(app) },
  });
};
