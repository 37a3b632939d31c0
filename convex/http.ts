/** The routes, and with them the only public surface of the deployment. */
import { httpRouter } from "convex/server";
import { compose } from "../src/middleware/compose";
import { mcp } from "../src/mcp/endpoint";
import { notFound } from "../src/wire/responses";
import { internal } from "./_generated/api";
import { env, httpAction } from "./_generated/server";
import { gate } from "./chain";
import { surface } from "./surface";

const endpoint = httpAction(
  compose(...gate)(
    mcp({
      name: "toolgate-erp",
      version: "0.1.0",
      instructions:
        "An ERP: customers, products, stock, orders, invoices and payments of one company. Amounts are integers in minor " +
        "units (cents). An order is a draft until orders_confirm takes its stock.",
      ...surface,
      functions: internal,
      peppers: () => env.TOOLGATE_PEPPERS,
      jobTool: "jobs_get",
    }),
  ),
);

const http = httpRouter();

// Convex answers an unrouted method with a plain 404, so every method is routed; HEAD comes as GET.
for (const method of ["POST", "GET", "DELETE", "PUT", "PATCH", "OPTIONS"] as const) {
  http.route({ path: "/mcp", method, handler: endpoint });
}

// Clients look for OAuth metadata here; some stumble over an answer that is not JSON.
http.route({
  pathPrefix: "/.well-known/",
  method: "GET",
  handler: httpAction(compose(gate[0])(notFound)),
});

export default http;
