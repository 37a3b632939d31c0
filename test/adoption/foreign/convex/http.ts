import { httpActionGeneric as httpAction, httpRouter } from "convex/server";
import { compose, mcp, registerRoutes } from "toolgate/http";
import { chain } from "./toolgate/chain";
import { app } from "./toolgate/tools";

const http = httpRouter();

registerRoutes(http, httpAction(compose(...chain)(mcp(app))), app);

export default http;
