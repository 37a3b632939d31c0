import { anyApi } from "convex/server";
import { defineToolgate, jobTool, tool, type Toolgate, type Tools } from "toolgate/tools";
import type { Internal, Wrapped } from "../notes";

const internal = anyApi.notes as unknown as Internal;
const own = anyApi.notes as unknown as Wrapped;

const permissions = ["notes:read", "notes:write"] as const;
type Permission = (typeof permissions)[number];

const writes = { permission: "notes:write", destructive: false, idempotent: false } as const;

const tools: Tools<Permission> = {
  notes_list: () =>
    tool.query(internal.list, { permission: "notes:read", principal: true, description: "List." }),
  notes_open: () =>
    tool.query(own.mine, { permission: "notes:read", paginated: true, description: "Open." }),
  notes_mine: () =>
    tool.query(own.minded, {
      ...{ permission: "notes:read", principal: true, paginated: true, description: "Mine." },
    }),
  notes_adding: () =>
    tool.mutation(own.adding, { ...writes, principal: true, description: "Add." }),
  notes_acting: () => tool.action(own.acting, { ...writes, principal: true, description: "Act." }),
  // @ts-expect-error the wrapped function takes the principal
  notes_forgotten: () => tool.mutation(own.adding, { ...writes, description: "Add." }),
  notes_add: () => tool.mutation(internal.add, { ...writes, input: true, description: "Add." }),
  notes_send: () => tool.action(internal.send, { ...writes, job: true, description: "Send." }),
  jobs_get: () => jobTool.get(internal.getJob, "notes:read"),
  jobs_cancel: () => jobTool.cancel(internal.stopJob, "notes:write"),
};

export const app: Toolgate = defineToolgate({
  name: "notes",
  version: "1.0.0",
  permissions,
  roles: () => ({ reader: ["notes:read"] }),
  tools,
  tenants: { exists: () => internal.exists },
});
