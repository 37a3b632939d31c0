/** The app's own chain around the same one tool. */
import { httpRouter } from "convex/server";
import { httpAction } from "../../convex/_generated/server";
import { chain } from "../../convex/toolgate/chain";
import { catalogModule } from "../../src/entry/catalog";
import { gateModule } from "../../src/entry/gate";
import { mcp } from "../../src/entry/http";
import { compose } from "../../src/entry/middleware";
import { readingModule } from "../../src/entry/reading";
import { defineToolgate, tool, type Toolgate } from "../../src/entry/tools";
import { addRef } from "./refs";
import * as sums from "./sums";

const app: Toolgate = defineToolgate({
  name: "bench",
  version: "1",
  permissions: ["reports:read"],
  roles: () => ({}),
  tools: {
    add: () => tool.query(addRef, { permission: "reports:read", description: "Add two numbers." }),
  },
});

const http = httpRouter();

http.route({ path: "/mcp", method: "POST", handler: httpAction(compose(...chain)(mcp(app))) });

/** The modules of the app, by path. */
export const modules = {
  http: { default: http },
  "toolgate/gate": gateModule(app, chain),
  "toolgate/reading": readingModule(app),
  "toolgate/catalog": catalogModule(app, { sums }),
  sums,
};
