/** Chooses among proposals by patterns. */
import type { Entry } from "../app/entries";
import type { Unread } from "../app/evaluate";
import { Failure } from "../operate/run";
import { unfitLines } from "./print";
import type { Proposal, Proposals, Unfit } from "./propose";

/** Whether a pattern with `*` for any text fits all of a text. */
const fits = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"))
      .join(".*")}$`,
  ).test(text);

const dotted = (name: string): string => name.replace(/[/:]/g, ".");

/** A tool, or a function that is none. */
interface Named {
  readonly name?: string;
  readonly function: string;
}

/** Whether a pattern names a tool or a function: by the tool, the function in both ways to write it, the module likewise. */
const isNamedBy = (pattern: string, { name, function: fn }: Named): boolean => {
  const [module = fn] = fn.split(":");
  const handles = [...(name === undefined ? [] : [name]), fn, dotted(fn), module, dotted(module)];
  return handles.some((text) => fits(pattern, text));
};

const HOW =
  "Give a function as contacts.search, a module as contacts, or a part with *; `toolgate add --dry-run` lists all.";

/** Why a pattern fits no proposal: what it names is a tool already, or can be none. */
const whyIdle = (pattern: string, unfit: readonly Unfit[], bound: readonly Entry[]): string => {
  const is = (one: Named) => isNamedBy(pattern, one);
  const known = [
    ...bound.filter(is).map((one) => `${one.function} is the tool ${one.name} already.`),
    ...unfitLines(unfit.filter(is)),
  ];
  const nothing = `Nothing that is no tool yet fits "${pattern}".`;
  return known.length > 0 ? [nothing, ...known].join("\n") : `${nothing} ${HOW}`;
};

/**
 * The proposals that a pattern fits: the name of the tool, the function as `module:name` or `module.name`, or its module. All, without a
 * pattern.
 *
 * @param bound - the tools that there are.
 * @throws Failure for a pattern that fits none, with the reason.
 */
export const matching = (
  { proposals, unfit }: Proposals,
  patterns: readonly string[],
  unread: readonly Unread[],
  bound: readonly Entry[],
): readonly Proposal[] => {
  const idle = patterns.find((pattern) => !proposals.some((one) => isNamedBy(pattern, one)));
  const named = unread.find(
    ({ module }) => idle !== undefined && /^[^.:*]*/.exec(idle)?.[0] === module,
  );
  if (named !== undefined)
    throw new Failure(`The module ${named.module} cannot be evaluated here: ${named.why}`);
  if (idle !== undefined) throw new Failure(whyIdle(idle, unfit, bound));
  return patterns.length === 0
    ? proposals
    : proposals.filter((one) => patterns.some((pattern) => isNamedBy(pattern, one)));
};
