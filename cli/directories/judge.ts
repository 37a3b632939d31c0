/** Holds a server against all rules. */
import { CLAUDE } from "./rules/claude";
import { CONNECTING } from "./rules/connecting";
import { ICONS, IDENTITY } from "./rules/identity";
import { OPENAI } from "./rules/openai";
import { PAGES } from "./rules/pages";
import type { Fault, Rule } from "./rule";
import type { Seen } from "./seen";

/** What a server does against a rule, and which one. */
export interface Found extends Fault, Omit<Rule, "find"> {}

export const RULES: readonly Rule[] = [
  ...[...CLAUDE, ...CONNECTING, ...OPENAI],
  ...[...IDENTITY, ...ICONS, ...PAGES],
];

/** Finds what a server does against the rules, in their order. */
export const judge = (seen: Seen): Found[] =>
  RULES.flatMap(({ find, ...rule }) => find(seen).map((fault) => ({ ...rule, ...fault })));
