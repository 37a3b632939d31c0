import { httpActionGeneric as httpAction, httpRouter } from "convex/server";
import { mcp, registerRoutes } from "toolgate/http";
import { compose } from "toolgate/middleware";
import { chain } from "./toolgate/chain";
import { app } from "./toolgate/tools";

const http = httpRouter();

registerRoutes(http, httpAction(compose(...chain)(mcp(app))), app);

export default http;
