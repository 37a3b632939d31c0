/** http.ts of an app whose agents all have keys. */
import { httpRouter } from "convex/server";
import { compose, mcp, registerRoutes } from "../src/entry/http";
import { httpAction } from "./_generated/server";
import { chain } from "./toolgate/chain";
import { app } from "./toolgate/tools";

const http = httpRouter();
registerRoutes(http, httpAction(compose(...chain)(mcp(app))), app);

export default http;
