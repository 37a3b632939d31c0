/**
 * The keys under which a task shows its open requests. A tool may ask again under a key of its own, but in a task a key never comes back
 * once it was answered: clients show each key once, and an update that is sent twice must not answer what was asked since.
 *
 * @see SEP-2663, "Task Input Requests"
 */
import type { Answers } from "./answers";
import type { OpenRequests } from "./misfit";

/** How often a key was answered so far. */
export const timesAnswered = (earlier: Answers, key: string): number =>
  Object.hasOwn(earlier, key) ? (earlier[key]?.times ?? 1) : 0;

/** The tool's key at first, then `key#2` and so on. */
const taskKeyOf = (earlier: Answers, key: string): string => {
  const times = timesAnswered(earlier, key);
  return times === 0 ? key : `${key}#${String(times + 1)}`;
};

/** Returns the open requests under the keys of the task. */
export const underTaskKeys = (requests: OpenRequests, earlier: Answers): OpenRequests =>
  Object.fromEntries(Object.entries(requests).map(([key, one]) => [taskKeyOf(earlier, key), one]));

/**
 * Returns the responses to open requests under the tool's keys.
 *
 * @param open - the tool's keys of the open requests.
 * @param sent - key of the task → response, as the client sent it. Not checked.
 */
export const fromTaskKeys = (
  open: readonly string[],
  earlier: Answers,
  sent: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(
    open
      .map((key) => [key, taskKeyOf(earlier, key)] as const)
      .filter(([, shown]) => Object.hasOwn(sent, shown))
      .map(([key, shown]) => [key, sent[shown]]),
  );
