/** The routes. They are the only public surface of the deployment. */
import { httpRouter } from "convex/server";
import { connect } from "../src/entry/connect";
import { compose, mcp, registerRoutes } from "../src/entry/http";
import { httpAction } from "./_generated/server";
import { icon } from "./erp/icon";
import { chain } from "./toolgate/chain";
import { app } from "./toolgate/tools";

const http = httpRouter();
const oauth = connect(app);

http.route({ path: "/icon.png", method: "GET", handler: icon });
registerRoutes(http, httpAction(compose(oauth.front, ...chain)(mcp(app))), app, oauth);

export default http;
