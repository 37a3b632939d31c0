/** Changes of roles that are collected before they are saved: what each adds and takes away, and what that opens and closes. */
import type { RoleMatrix } from "../../api/shapes";

/** `role permission` of each cell that is to be the other way round. */
export type Edits = ReadonlySet<string>;

const cellOf = (role: string, permission: string): string => `${role} ${permission}`;

export const isEdited = (edits: Edits, role: string, permission: string): boolean =>
  edits.has(cellOf(role, permission));

/** Turns a cell round, or back. */
export const toggled = (edits: Edits, role: string, permission: string): Edits => {
  const next = new Set(edits);
  if (!next.delete(cellOf(role, permission))) next.add(cellOf(role, permission));
  return next;
};

export interface RoleEdit {
  readonly role: string;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** The tools that a key of the role can call afterwards, and could not before. */
  readonly opens: readonly string[];
  readonly closes: readonly string[];
  /** At most 100 are counted. */
  readonly keys: number;
}

const toolsOf = ({ tools }: RoleMatrix, permissions: readonly string[]): string[] =>
  tools.filter(({ permission }) => permissions.includes(permission)).map(({ name }) => name);

/** What is to change, role by role. */
export const roleEdits = (matrix: RoleMatrix, edits: Edits): RoleEdit[] =>
  matrix.roles.flatMap(({ name, permissions, keys }) => {
    const edited = [...new Set([...matrix.permissions, ...permissions])].filter((permission) =>
      isEdited(edits, name, permission),
    );
    const add = edited.filter((permission) => !permissions.includes(permission));
    const remove = edited.filter((permission) => permissions.includes(permission));
    if (edited.length === 0) return [];
    const change = { opens: toolsOf(matrix, add), closes: toolsOf(matrix, remove) };
    return [{ role: name, add, remove, ...change, keys }];
  });

/** `1 key`, `100 keys or more`. */
export const keysText = (keys: number): string => {
  if (keys >= 100) return "100 keys or more";
  return keys === 1 ? "1 key" : `${keys} keys`;
};
