/** What agents may do: `npx toolgate add` writes lines here. Yours to change. (toolgate 0.2.0) */
import { defineToolgate, type Toolgate, type Tools, tool } from "toolgate/tools";
import { api } from "../_generated/api";
const permissions = ["notes:read", "notes:write"] as const;
// prettier-ignore
const tools: Tools<(typeof permissions)[number]> = {
  notes_add: () => tool.mutation(api.notes.add, { permission: "notes:write", destructive: false, idempotent: false, description: "Add a note. It returns the id of the note." }),
  notes_list: () => tool.query(api.notes.list, { permission: "notes:read", description: "The newest 100 notes, newest first." }),
};
export const app: Toolgate = defineToolgate({ name: "smallest", version: "1.0.0", title: "Smallest", permissions, tools,
  roles: () => ({ admin: permissions, reader: permissions.filter((name: string) => name.endsWith(":read")) }),
  instructions: `TODO: say what this server knows and does, which questions it answers, and which tools find the ids that others take. Send a new idempotencyKey with each call that writes, and the same key when you send that call again: then it has its effect once.`,
});
