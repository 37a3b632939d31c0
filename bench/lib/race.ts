/**
 * Races runners against each other: in every round each gets a batch, and the rounds are interleaved, so that a slow minute of the
 * machine hits all of them alike.
 */
import { spread, type Spread } from "./stats";

/** One call. Rejects if the answer is wrong. */
export type Call = () => Promise<void>;

export interface Runner {
  readonly name: string;
  /** Makes ready for one batch, which is not timed. */
  readonly ready: () => Call | Promise<Call>;
}

export interface Race {
  readonly rounds: number;
  /** Length of a batch in milliseconds. */
  readonly batch: number;
  readonly inFlight: number;
}

/** Calls per second over one batch. */
const runBatch = async (call: Call, { batch, inFlight }: Race): Promise<number> => {
  globalThis.gc?.();
  const start = performance.now();
  let calls = 0;
  const worker = async () => {
    while (performance.now() - start < batch) {
      await call();
      calls++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return (calls / (performance.now() - start)) * 1000;
};

/** Turns the order by one each round: nobody always runs after the same neighbour. */
export const turned = <T>(items: readonly T[], by: number): T[] => [
  ...items.slice(by % items.length),
  ...items.slice(0, by % items.length),
];

/** Calls per second by runner; the first round only warms up. */
export const race = async (
  runners: readonly Runner[],
  options: Race,
): Promise<Map<string, Spread>> => {
  const measured = new Map(runners.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= options.rounds; round++) {
    for (const { name, ready } of turned(runners, round)) {
      try {
        const rate = await runBatch(await ready(), options);
        if (round > 0) measured.get(name)?.push(rate);
      } catch (error) {
        throw new Error(`${name}: ${String(error)}`, { cause: error });
      }
    }
  }
  return new Map([...measured].map(([name, rates]) => [name, spread(rates)]));
};
