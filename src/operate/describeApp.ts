/** Describes the app, for a page that operates it. */
import { v, type Infer } from "convex/values";
import { resourceOf, siteOrigin } from "../auth/site";
import { gateReader, type GateDataModel, type GateQueryCtx } from "../data/database";
import { approvalHoursOf, type Toolgate } from "../registry/toolgate";
import { readRoles } from "./roles";

const appValidator = v.object({
  name: v.string(),
  title: v.optional(v.string()),
  version: v.string(),
  /** False for an app with one tenant: its keys are made without one. */
  hasTenants: v.boolean(),
  /** The names of the roles that a key can have. */
  roles: v.array(v.string()),
  /** How long a call waits for somebody's approval, in hours. */
  approvalHours: v.number(),
  /** The address of the endpoint, for clients. */
  mcpUrl: v.string(),
});

/** An app as its operators see it. */
export type AppInfo = Infer<typeof appValidator>;

/** The definition of `describeApp`. */
export const describeApp = (app: Toolgate) => ({
  args: {},
  returns: appValidator,
  handler: async <Model extends GateDataModel>(ctx: GateQueryCtx<Model>): Promise<AppInfo> => {
    const { name, title, version, tenants } = app;
    const roles = (await readRoles(gateReader(ctx), app)).map((role) => role.name);
    return {
      ...{ name, version, hasTenants: tenants !== undefined, roles },
      ...(title !== undefined && { title }),
      ...{ approvalHours: approvalHoursOf(app), mcpUrl: resourceOf(siteOrigin()) },
    };
  },
});
