/** initialize and ping (2025 revisions), server/discover (2026-07-28). */
import { ErrorCode, RpcError } from "../../wire/jsonrpc";
import type { Handle } from "../exchange";
import type { Toolgate } from "../../registry/toolgate";
import { TASKS_EXTENSION } from "../revision/meta";
import { MODERN_VERSION, negotiate } from "../revision/versions";

/** What clients can hear of by `subscriptions/listen`. */
interface Subscriptions {
  readonly listChanged?: true;
  readonly subscribe?: true;
}

/** What this server has; a feature without an entry in its registry is not announced. */
const capabilitiesOf = (
  { resources = {}, prompts = {} }: Toolgate,
  { listChanged, subscribe }: Subscriptions = {},
) => ({
  tools: { listChanged },
  resources: Object.keys(resources).length > 0 ? { listChanged, subscribe } : undefined,
  prompts: Object.keys(prompts).length > 0 ? { listChanged } : undefined,
  completions: {},
  logging: {},
});

/** Answers with the client's revision if it is served, else with the newest legacy one. Opens no session. */
export const initialize: Handle = ({ message: { params }, app }) => {
  const { protocolVersion } = params;
  if (typeof protocolVersion !== "string") {
    throw new RpcError(
      ErrorCode.InvalidParams,
      'Invalid params: "protocolVersion" must be a string',
    );
  }
  const { name, version } = app;
  return Promise.resolve({
    protocolVersion: negotiate(protocolVersion),
    capabilities: capabilitiesOf(app),
    serverInfo: { name, version },
    instructions: app.instructions,
  });
};

export const ping: Handle = () => Promise.resolve({});

export const discover: Handle = ({ app }) =>
  Promise.resolve({
    supportedVersions: [MODERN_VERSION],
    capabilities: {
      ...capabilitiesOf(app, { listChanged: true, subscribe: true }),
      extensions: { [TASKS_EXTENSION]: {} },
    },
    instructions: app.instructions,
  });
