/**
 * Measures things against each other: every round measures each once, in another order, so that a slow minute of the machine hits all
 * of them alike, and nobody always runs after the same neighbour.
 */
import { shuffled } from "./random";

/** Measures something once. */
export type Task<T> = () => Promise<T> | T;

/** What was measured → what it was, round by round. */
export type Rounds<T> = ReadonlyMap<string, readonly T[]>;

/** @param goOn - says after so many rounds whether there is another one. @throws Error that names what failed. */
export const inRounds = async <T>(
  tasks: ReadonlyMap<string, Task<T>>,
  goOn: (rounds: number) => boolean,
): Promise<Rounds<T>> => {
  const measured = new Map([...tasks.keys()].map((name) => [name, [] as T[]]));
  for (let round = 0; goOn(round); round++) {
    globalThis.gc?.();
    for (const [name, task] of shuffled([...tasks])) {
      try {
        measured.get(name)?.push(await task());
      } catch (error) {
        throw new Error(`${name}: ${String(error)}`, { cause: error });
      }
    }
  }
  return measured;
};
