import { httpRouter } from "convex/server";
import { compose } from "../../../src/middleware/compose";
import { mcp } from "../../../src/mcp/endpoint";
import { gate } from "./gate";
import { httpAction, internal } from "./server";
import { surface } from "./surface";

const endpoint = httpAction(
  compose(...gate)(
    mcp({
      name: "toolgate-conformance",
      version: "0.1.0",
      instructions: "What the official conformance suite asks for.",
      ...surface,
      functions: internal,
      peppers: () => process.env.TOOLGATE_PEPPERS,
    }),
  ),
);

const http = httpRouter();

for (const method of ["POST", "GET", "DELETE", "PUT", "PATCH", "OPTIONS"] as const) {
  http.route({ path: "/mcp", method, handler: endpoint });
}

export default http;
