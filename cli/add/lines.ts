/** The lines of tools.ts that bind proposed tools. */
import type { Proposal } from "./propose";

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

const member = (name: string): string =>
  IDENTIFIER.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;

/** The reference to a function: `api.erp.orders.list`. */
const referenceTo = ({ function: name, visibility }: Proposal): string => {
  const [module = "", fn = ""] = name.split(":");
  const root = visibility === "public" ? "api" : "internal";
  return root + [...module.split("/"), fn].map(member).join("");
};

/** The line of a tool, without a comma. */
export const toolLine = (proposal: Proposal): string => {
  const { name, kind, permission, states, destructive, idempotent, description } = proposal;
  const fields = [
    `permission: ${JSON.stringify(permission)}`,
    ...states.map((state) => `${state}: true`),
    ...(kind === "query"
      ? []
      : [`destructive: ${String(destructive)}`, `idempotent: ${String(idempotent)}`]),
    `description: ${JSON.stringify(description)}`,
  ];
  return `${name}: () => tool.${kind}(${referenceTo(proposal)}, { ${fields.join(", ")} })`;
};

/** The line of the library's own tools, with which a client comes back to a long call. */
export const jobLine = (dir: string): string => {
  const jobs = ["internal", ...dir.split("/"), "jobs"].join(".");
  return `jobs_get: () => jobTool.get(${jobs}.get, "jobs:read"), jobs_cancel: () => jobTool.cancel(${jobs}.stop, "jobs:write")`;
};

export const JOB_PERMISSIONS = ["jobs:read", "jobs:write"] as const;
