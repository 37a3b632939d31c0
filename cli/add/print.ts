/** Prints proposals, and what `add` did, for people. */
import type { Project } from "../app/project";
import { MANY_TOOLS } from "../check/check";
import { PLACEHOLDER } from "../check/report";
import { table } from "../operate/print";
import { FOLDER, wrappersFor } from "./asCaller";
import type { Proposal, Unfit } from "./propose";
import { newPermissions, type Binding } from "./write";

const hintsOf = ({ kind, destructive, idempotent }: Proposal): string =>
  kind === "query"
    ? "read-only"
    : `${destructive === true ? "destructive" : "adds only"}${idempotent === true ? ", idempotent" : ""}`;

const row = (one: Proposal): string[] => [
  one.name,
  `${one.visibility} ${one.kind} ${one.function}`,
  one.permission,
  hintsOf(one),
  one.description,
];

/** A table of proposals. */
export const proposalTable = (proposals: readonly Proposal[]): string =>
  proposals.length === 0
    ? "Every function that can be a tool is one."
    : table(["tool", "function", "permission", "hints", "description"], proposals.map(row));

export const unfitLines = (unfit: readonly Unfit[]): string[] =>
  unfit.map((one) => `${one.function} cannot be a tool: ${one.why}`);

/** What to know of functions that read who is signed in, and the files that wrap them. */
export const identityLines = (project: Project, readers: readonly Proposal[]): string[] => {
  if (readers.length === 0) return [];
  const nested = readers.filter(({ runsFunctions }) => runsFunctions);
  return [
    "",
    `These read the signed-in user, whom a call by an agent does not have: ${readers.map((one) => one.function).join(", ")}.`,
    "Wrap them, so that they run as the user of the key, and bind what that makes. docs/auth-of-your-app.md says what the issuer must be.",
    ...(nested.length > 0
      ? [
          `Functions that these run by ctx.run… do not get that user: ${nested.map((one) => one.function).join(", ")}.`,
        ]
      : []),
    ...wrappersFor(project, readers).flatMap(({ file, lines }) => ["", `// ${file}`, ...lines]),
    "",
    `Then: ${project.runner} toolgate add '${FOLDER}.*'`,
    "Those that also work without a user can be bound as they are, with --as-is.",
  ];
};

/** Roles live in the database from the first key on: what tools.ts gives them later does not reach them. */
const roleLines = ({ runner }: Project, binding: Binding): string[] => {
  const isFirst = (binding.definition?.permissions ?? []).length === 0;
  const added = isFirst ? [] : newPermissions(binding);
  return added.length === 0
    ? []
    : [
        `New permissions: ${added.join(", ")}. A deployment that has keys gives them to no role by itself, so say it once:`,
        `  ${runner} toolgate roles set <role> --add ${added.join(",")}`,
      ];
};

/** What to do next. */
export const nextLines = (project: Project, binding: Binding): string[] => {
  const { chosen, definition } = binding;
  const total = (definition?.tools.length ?? 0) + chosen.length;
  const open = chosen.filter(({ description }) => description.startsWith(PLACEHOLDER));
  return [
    ...(open.length > 0
      ? [`Write the descriptions of ${open.map(({ name }) => name).join(", ")} in tools.ts.`]
      : []),
    ...(total > MANY_TOOLS
      ? [`${total} tools are many: models choose better among at most ${MANY_TOOLS}.`]
      : []),
    ...roleLines(project, binding),
    `Next: ${project.runner} toolgate check`,
  ];
};
