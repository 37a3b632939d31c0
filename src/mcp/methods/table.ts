/** The table of all methods: the era that has each one, the call that it asks the gate to admit, and the function that answers it. */
import { listenCall } from "../call/listen";
import { newSession } from "../call/session";
import { completionCall, promptCall, resourceCall } from "../call/target";
import { toolCall } from "../call/tool";
import type { Era, Method } from "../exchange";
import { stamped } from "../operation";
import { callTool } from "./callTool";
import { cancelled } from "./cancelled";
import { complete } from "./completion";
import { discover, initialize, ping } from "./lifecycle";
import { listen } from "./listen";
import { setLevel } from "./logging";
import { getPrompt, listPrompts } from "./prompts";
import { listResources, listTemplates, readResource } from "./resources";
import { acceptSubscription } from "./subscribe";
import { cancelTask, getTask, updateTask } from "./tasks";
import { listTools } from "./tools";

// prettier-ignore
const methods: Readonly<Record<string, Method>> = {
  "initialize":               { era: "legacy", minor: true, handle: initialize, headersOf: newSession },
  "ping":                     { era: "legacy", minor: true, handle: ping },
  "notifications/cancelled":  { era: "legacy", notified: cancelled },
  "logging/setLevel":         { era: "legacy", minor: true, handle: setLevel },
  "server/discover":          { era: "modern", minor: true, handle: discover, cacheable: true },
  "tools/list":               { handle: listTools, cacheable: true },
  "tools/call":               { asks: toolCall, mayAsk: true, named: "name", handle: stamped(callTool) },
  "resources/list":           { handle: listResources, cacheable: true },
  "resources/templates/list": { handle: listTemplates, cacheable: true },
  "resources/read":           { asks: resourceCall, mayAsk: true, named: "uri", handle: stamped(readResource), cacheable: true },
  "resources/subscribe":      { era: "legacy", asks: resourceCall, handle: acceptSubscription },
  "resources/unsubscribe":    { era: "legacy", asks: resourceCall, handle: acceptSubscription },
  "prompts/list":             { handle: listPrompts, cacheable: true },
  "prompts/get":              { asks: promptCall, mayAsk: true, named: "name", handle: stamped(getPrompt) },
  "completion/complete":      { asks: completionCall, handle: complete },
  "subscriptions/listen":     { era: "modern", asks: listenCall, handle: listen, streams: true },
  "tasks/get":                { era: "modern", named: "taskId", handle: getTask },
  "tasks/update":             { era: "modern", named: "taskId", handle: updateTask },
  "tasks/cancel":             { era: "modern", named: "taskId", handle: cancelTask },
};

/** The method of this name in an era; undefined if the era does not have it. */
export const methodIn = ({ name: era }: Pick<Era, "name">, name: string): Method | undefined => {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  return method?.era === undefined || method.era === era ? method : undefined;
};
