import { showSpread } from "../lib/markdown";
import { isQuick } from "../lib/report";
import { spread } from "../lib/stats";

/** Milliseconds that `work` takes, after a tenth of the rounds to warm up. */
export const timed = async (
  work: () => Promise<unknown>,
  rounds = isQuick ? 20 : 200,
): Promise<string> => {
  const times: number[] = [];
  for (let round = -rounds / 10; round < rounds; round++) {
    const start = performance.now();
    await work();
    if (round >= 0) times.push(performance.now() - start);
  }
  return showSpread(spread(times));
};
