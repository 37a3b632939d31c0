/** The glue, as in the ERP, by the paths of its modules. */
import { httpRouter } from "convex/server";
import { adminModule } from "../../../src/entry/admin";
import { catalogModule } from "../../../src/entry/catalog";
import { connect } from "../../../src/entry/connect";
import { connectModule } from "../../../src/entry/connections";
import { gateModule } from "../../../src/entry/gate";
import { compose, mcp, registerRoutes } from "../../../src/entry/http";
import { jobsModule } from "../../../src/entry/jobs";
import { readingModule } from "../../../src/entry/reading";
import { workerModule } from "../../../src/entry/worker";
import { app, chain } from "./app";
import * as asking from "./asking";
import * as forms from "./forms";
import * as long from "./long";
import * as schemas from "./schemas";
import { httpAction } from "./server";
import * as short from "./short";
import * as toggles from "./toggles";

const http = httpRouter();

const oauth = connect(app);

registerRoutes(http, httpAction(compose(oauth.front, ...chain)(mcp(app))), app, oauth);

export const glue = {
  http: { default: http },
  "toolgate/admin": adminModule(app),
  "toolgate/catalog": catalogModule(app, { asking, forms, long, schemas, short, toggles }),
  "toolgate/connect": connectModule(app),
  "toolgate/gate": gateModule(app, chain),
  "toolgate/jobs": jobsModule(app),
  "toolgate/reading": readingModule(app),
  "toolgate/worker": workerModule(app),
};
