/** Records which files and functions of the library a run goes through, in order. */
import { register } from "node:module";
import { startCoverage, type Counts } from "./coverage";
import type { Entered } from "./probes";

/** File → its functions, both as they were first entered. */
export type Trace = ReadonlyMap<string, readonly string[]>;

/** Twice counted, so that neither a function without a probe nor one that V8 forgets stays unseen. */
const compare = (trace: Trace, counts: Counts): void => {
  for (const file of new Set([...trace.keys(), ...counts.keys()])) {
    const probes = trace.get(file)?.length ?? 0;
    const ran = counts.get(file) ?? 0;
    if (probes !== ran)
      throw new Error(`${file}: V8 counts ${ran} functions that ran, the probes tell of ${probes}`);
  }
};

const traceOf = (entered: Iterable<Entered>): Trace => {
  const trace = new Map<string, string[]>();
  for (const { file, name } of entered) trace.set(file, [...(trace.get(file) ?? []), name]);
  return trace;
};

/**
 * Runs something and tells the way that it takes.
 *
 * @throws Error if V8 counts other functions than the probes.
 */
export type RecordRun = (run: () => Promise<void>) => Promise<Trace>;

/** From here on the library is loaded with probes, and counted. It must not have been loaded before. */
export const startRecorder = async (): Promise<RecordRun> => {
  register("./hooks.ts", import.meta.url);
  const takeCounts = await startCoverage();
  return async (run) => {
    const entered = new Map<string, Entered>();
    await takeCounts();
    globalThis.toolgateEntered = (each) => {
      const id = `${each.file}:${each.start}`;
      if (!entered.has(id)) entered.set(id, each);
    };
    await run();
    globalThis.toolgateEntered = undefined;
    const trace = traceOf(entered.values());
    compare(trace, await takeCounts());
    return trace;
  };
};
