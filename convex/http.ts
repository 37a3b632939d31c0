/** The routes. They are the only public surface of the deployment. */
import { httpRouter } from "convex/server";
import { mcp, registerRoutes } from "../src/entry/http";
import { compose } from "../src/entry/middleware";
import { httpAction } from "./_generated/server";
import { chain } from "./toolgate/chain";
import { app } from "./toolgate/tools";

const http = httpRouter();

registerRoutes(http, httpAction(compose(...chain)(mcp(app))));

export default http;
