/** The methods that both eras have. */
import type { Method } from "../exchange";
import { callTool } from "../methods/callTool";
import { complete } from "../methods/completion";
import { getPrompt, listPrompts } from "../methods/prompts";
import { listResources, listTemplates, readResource } from "../methods/resources";
import { listTools } from "../methods/tools";

export const featureMethods: Readonly<Record<string, Method>> = {
  "tools/list": listTools,
  "tools/call": callTool,
  "resources/list": listResources,
  "resources/templates/list": listTemplates,
  "resources/read": readResource,
  "prompts/list": listPrompts,
  "prompts/get": getPrompt,
  "completion/complete": complete,
};
