/** Names of tools and permissions, from the names of modules and functions. */
import { without, wordsIn } from "./words";

/** Segments of a path that say how code is laid out, not what it is about. */
const LAYOUT =
  /^(?:queries|query|mutations?|actions?|functions?|public|internal|private|index|api|server|lib|model|handlers?|main)$/i;

/** The segments of a module's path that say what it is about; the whole path if none does. */
const meaningful = (module: string): string[] => {
  const segments = module.split("/");
  const kept = segments.filter((segment) => !LAYOUT.test(segment));
  return kept.length > 0 ? kept : segments;
};

/** What a module is about: `erp/userProfiles` → user, profiles. */
const nounOf = (module: string): string[] => wordsIn(meaningful(module).at(-1) ?? module);

/** The verb and its objects, without the noun of the module: `createTask` in `tasks` → create. */
export const taskOf = (module: string, name: string): readonly string[] =>
  name === "default" ? [] : without(wordsIn(name), nounOf(module));

const MAX = 64;

const short = (words: readonly string[]): string => {
  const name = words.join("_");
  return name.length <= MAX || words.length === 1 ? name.slice(0, MAX) : short(words.slice(0, -1));
};

const numbered = (name: string, taken: ReadonlySet<string>): string => {
  let number = 2;
  const at = () => `${name.slice(0, MAX - 1 - String(number).length)}_${number}`;
  while (taken.has(at())) number++;
  return at();
};

/**
 * Names a tool after its task, as `noun_verb`, in snake case, with at most 64 characters: `contacts:search` → `contacts_search`.
 *
 * @param taken - names that other tools have. Where the name is taken, the folder of the module goes in front, and then a number behind.
 */
export const toolName = (module: string, name: string, taken: ReadonlySet<string>): string => {
  const said = [...nounOf(module), ...taskOf(module, name)];
  const words = said.length > 0 ? said : ["tool"];
  const folders = meaningful(module).slice(0, -1).reverse().map(wordsIn);
  const candidates = folders.reduce<string[][]>(
    (all, folder) => [...all, [...folder, ...(all.at(-1) ?? [])]],
    [words],
  );
  const names = candidates.map(short);
  return names.find((one) => !taken.has(one)) ?? numbered(names.at(-1) ?? "tool", taken);
};

/** Names a permission: `contacts:read`. */
export const permissionName = (module: string, access: "read" | "write"): string =>
  `${nounOf(module).join("_")}:${access}`;
