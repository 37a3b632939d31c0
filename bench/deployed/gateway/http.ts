/** An http.ts that serves convex-mcp-gateway; its component is deployed apart and not weighed here. */
export { default } from "../../app/gateway";
