/** An http.ts that serves the official SDK of the 2026 revision. */
import { httpActionGeneric, httpRouter } from "convex/server";
import { sdkServer } from "../../peers/sdkServer";

const http = httpRouter();
const serve = sdkServer.serve(["add"]);

http.route({
  path: "/mcp",
  method: "POST",
  handler: httpActionGeneric(async (_ctx, request) => (await serve)(request)),
});

export default http;
