/** Changes of roles that are collected before they are saved: what each adds and takes away, and what that opens and closes. */
import type { RoleMatrix } from "../../api/shapes";

/**
 * `role permission` of each cell that somebody has ticked or cleared, and what it is to be. It says what is wanted and not what is to be
 * turned round: another operator may change the same cell meanwhile, and a save may fail halfway.
 */
export type Edits = ReadonlyMap<string, boolean>;

const cellOf = (role: string, permission: string): string => `${role} ${permission}`;

/** What a cell is to be, if that differs from what it is. */
export const wanted = (
  edits: Edits,
  role: string,
  permission: string,
  isHeld: boolean,
): boolean | undefined => {
  const one = edits.get(cellOf(role, permission));
  return one === isHeld ? undefined : one;
};

/** Ticks or clears a cell, or takes that back. */
export const toggled = (edits: Edits, role: string, permission: string, isHeld: boolean): Edits => {
  const next = new Map(edits);
  if (wanted(edits, role, permission, isHeld) === undefined)
    next.set(cellOf(role, permission), !isHeld);
  else next.delete(cellOf(role, permission));
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
    const all = [...new Set([...matrix.permissions, ...permissions])];
    const isWanted = (permission: string) =>
      wanted(edits, name, permission, permissions.includes(permission));
    const add = all.filter((permission) => isWanted(permission) === true);
    const remove = all.filter((permission) => isWanted(permission) === false);
    if (add.length + remove.length === 0) return [];
    const change = { opens: toolsOf(matrix, add), closes: toolsOf(matrix, remove) };
    return [{ role: name, add, remove, ...change, keys }];
  });

/**
 * What a list is to be, of which each operator saves the whole: what somebody has added to it and taken out of it, in the list as it is now.
 * Else a save would take out what another has put in meanwhile.
 *
 * @param before - as it was when this operator began.
 */
export const merged = (
  before: readonly string[],
  now: readonly string[],
  wanted: readonly string[],
): string[] => {
  const kept = now.filter((one) => wanted.includes(one) || !before.includes(one));
  const added = wanted.filter((one) => !before.includes(one) && !now.includes(one));
  return [...kept, ...added];
};

/** `1 key`, `100 keys or more`. */
export const keysText = (keys: number): string => {
  if (keys >= 100) return "100 keys or more";
  return keys === 1 ? "1 key" : `${keys} keys`;
};
