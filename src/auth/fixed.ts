/**
 * Arguments that a key or its connection fixes: the server fills them in. The client does not see them in a tool's schema and cannot
 * send them.
 */
import { quoted } from "../base/text";
import type { Call, Target } from "../data/call";

type Values = Readonly<Record<string, unknown>>;

/** Tool name → argument → the value it always has. */
export type Fixed = Readonly<Record<string, Values>>;

/** What holds fixed arguments: rights and restrictions. */
interface Fixes {
  readonly fixed?: Fixed | undefined;
}

/** The fixed arguments of one tool; undefined if there are none. */
export const fixedOn = ({ fixed = {} }: Fixes, target: Target | undefined): Values | undefined =>
  target?.kind === "tool" && Object.hasOwn(fixed, target.name) ? fixed[target.name] : undefined;

/** Joins what a key fixes with what its connection adds. The key's own values count. */
export const bothFixed = (key: Fixed = {}, grant: Fixed): Fixed => {
  const joined = Object.entries(grant).map(([tool, values]) => {
    const kept = Object.hasOwn(key, tool) ? key[tool] : {};
    return [tool, { ...values, ...kept }] as const;
  });
  return { ...key, ...Object.fromEntries(joined) };
};

/** Returns a sentence for every fixed argument that the client has sent all the same. It reads as if there were no such argument. */
export const intrusions = (args: Values, fixed: Values): string[] =>
  Object.keys(fixed)
    .filter((name) => Object.hasOwn(args, name))
    .map((name) => `${quoted(name, 80)}: no such argument`);

/** Returns the call as its function takes it: with the arguments that are fixed. `intrusions` has found none. */
export const withFixed = (call: Call, fixed: Values | undefined): Call =>
  fixed === undefined
    ? call
    : {
        ...call,
        arguments: JSON.stringify({ ...(JSON.parse(call.arguments ?? "{}") as Values), ...fixed }),
      };
