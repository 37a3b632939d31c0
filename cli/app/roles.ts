/** Reads the roles of a definition. It runs in the child process. */
import type { Flaw, Members } from "./entries";

export type Roles = Readonly<Record<string, readonly string[]>>;

const flawsOf = (where: string, [role, list]: [string, unknown], known: unknown): Flaw[] => {
  if (!Array.isArray(list))
    return [
      { where, what: `its role "${role}" is no list of permissions`, fix: `Write ${role}: […]` },
    ];
  const permissions = Array.isArray(known) ? known : [];
  return list
    .filter((one) => !permissions.includes(one))
    .map((one) => ({
      where,
      what: `its role "${role}" has "${String(one)}", which is none of the permissions`,
      fix: "Add it to the permissions, or write the name of one that is there.",
    }));
};

/**
 * Makes the roles of a definition.
 *
 * @param where - the module that has them.
 */
export const rolesOf = (
  { roles, permissions }: Members,
  where: string,
): { readonly roles: Roles; readonly flaws: readonly Flaw[] } => {
  const all = Object.entries((roles as () => Members)());
  return {
    roles: Object.fromEntries(
      all.map(([role, list]) => [role, Array.isArray(list) ? (list as string[]) : []]),
    ),
    flaws: all.flatMap((one) => flawsOf(where, one, permissions)),
  };
};
