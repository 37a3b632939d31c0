/** The door for `convex/http.ts`: the endpoint, the chain around it, and its routes. */
export { mcp } from "../mcp/endpoint";
export { registerRoutes } from "../mcp/routes";
export { compose } from "../middleware/compose";
