/** The door for the registry, which names the tools, resources and prompts that clients can use and the permission that each needs. */
export { completer, resource, view, type Resources } from "../registry/resources";
export type { Icon } from "../registry/icons";
export { content, contentValidator, type ContentBlock } from "../registry/content";
export { jobTool } from "../registry/jobTools";
export { prompt, type Prompts } from "../registry/prompts";
export { defineToolgate, type Toolgate } from "../registry/toolgate";
export { tool, type Tools } from "../registry/tools";
