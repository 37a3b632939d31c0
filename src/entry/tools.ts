/** For the registry: what clients can name, and what it asks of their roles. */
export { completer, resource, type Resources } from "../registry/resources";
export { content, contentValidator, type ContentBlock } from "../registry/content";
export { jobTool } from "../registry/jobTools";
export { prompt, type Prompts } from "../registry/prompts";
export { defineToolgate, type Toolgate } from "../registry/toolgate";
export { tool, type Tools } from "../registry/tools";
