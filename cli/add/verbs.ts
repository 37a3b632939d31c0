/** Guesses what a function that writes does, by the verb of its name. docs/add.md has the same table. */
import type { Exported } from "../app/child";

/** What `tools/list` says of a tool that writes. */
export interface Hints {
  readonly destructive: boolean;
  readonly idempotent: boolean;
}

/** What is said if the verb says nothing: clients then ask before they call, and do not call twice. */
const UNSURE: Hints = { destructive: true, idempotent: false };

const table: readonly (readonly [verbs: string, Hints])[] = [
  ["add create insert new append duplicate clone", { destructive: false, idempotent: false }],
  ["update set edit rename patch replace change", { destructive: true, idempotent: true }],
  ["delete remove clear destroy", { destructive: true, idempotent: true }],
];

const READING = /^(?:get|list|find|search|count|read|show|preview)$/;

const byVerb = new Map(
  table.flatMap(([verbs, hints]) => verbs.split(" ").map((verb) => [verb, hints] as const)),
);

/** Whether a function reads only, as far as its kind and verb say: a query, or an action that is called `get…`. */
export const isReading = (kind: Exported["kind"], verb: string): boolean =>
  kind === "query" || (kind === "action" && READING.test(verb));

/**
 * Guesses the hints of a mutation or an action.
 *
 * @param verb - the first word of its name, in lower case.
 * @returns what is safer where it is not sure. An action may do anything outside, so only its reading verbs count.
 */
export const hintsFor = (kind: "mutation" | "action", verb: string): Hints => {
  if (kind === "action")
    return isReading(kind, verb) ? { destructive: false, idempotent: true } : UNSURE;
  return byVerb.get(verb) ?? UNSURE;
};
