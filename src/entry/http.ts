/** The door for `convex/http.ts`: the endpoint and its routes. */
export { mcp } from "../mcp/endpoint";
export { registerRoutes } from "../mcp/routes";
