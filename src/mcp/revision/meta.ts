/** The members of `_meta` that MCP defines (2026-07-28, basic/index). */
export const VERSION_KEY = "io.modelcontextprotocol/protocolVersion";
export const CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities";
export const LOG_LEVEL_KEY = "io.modelcontextprotocol/logLevel";
export const CLIENT_INFO_KEY = "io.modelcontextprotocol/clientInfo";
export const SUBSCRIPTION_KEY = "io.modelcontextprotocol/subscriptionId";
export const TASKS_EXTENSION = "io.modelcontextprotocol/tasks";
export const UI_EXTENSION = "io.modelcontextprotocol/ui";
export const SERVER_INFO_KEY = "io.modelcontextprotocol/serverInfo";
