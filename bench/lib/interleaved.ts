/**
 * Races runners against each other: in every round each gets a batch, so that a slow minute of the machine hits all of them alike.
 * Many short rounds tell more than a few long ones: what is compared is who is ahead within a round, see ranking.ts.
 */
import { setImmediate } from "node:timers/promises";
import { now } from "./clock";
import { shuffled } from "./random";

/** One call. Rejects if the answer is wrong. */
export type Call = () => Promise<void>;

export interface Runner {
  readonly name: string;
  readonly call: Call;
}

export interface Race {
  readonly rounds: number;
  /** Length of a batch in milliseconds. */
  readonly batch: number;
}

/** Calls per second over one batch. */
const runBatch = async (call: Call, batch: number): Promise<number> => {
  // What a server makes at its first call is no part of what a call costs, nor what V8 forgot of its code while others ran.
  const warm = performance.now() + batch / 2;
  do await call();
  while (performance.now() < warm);
  // What weak references point to can be let go of only between the turns of the event loop, and some servers need none.
  await setImmediate();
  // The garbage of the one before is not its own.
  globalThis.gc?.({ type: "minor" });
  const [end, start] = [performance.now() + batch, now()];
  let calls = 0;
  // At least once, even if the machine gave all of the batch to others.
  do {
    await call();
    calls++;
  } while (performance.now() < end);
  return (calls / (now() - start)) * 1000;
};

/** Calls per second, round by round, of each runner. */
export type Rates = ReadonlyMap<string, readonly number[]>;

/** The first round only warms up, and is longer. In each the order is another one: nobody always runs after the same neighbour. */
export const race = async (runners: readonly Runner[], { rounds, batch }: Race): Promise<Rates> => {
  const measured = new Map(runners.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    // A whole collection takes longer than a batch, so there is one for all.
    globalThis.gc?.();
    for (const { name, call } of shuffled(runners)) {
      try {
        const rate = await runBatch(call, round === 0 ? 3 * batch : batch);
        if (round > 0) measured.get(name)?.push(rate);
      } catch (error) {
        throw new Error(`${name}: ${String(error)}`, { cause: error });
      }
    }
  }
  return measured;
};
