/** Records which files and functions of the library a run enters, in order. */
import { register } from "node:module";
import { startCoverage, type Counts } from "./coverage";
import type { Entered } from "./probes";

/** File → its functions. Files and functions are in the order in which they were first entered. */
export type Trace = ReadonlyMap<string, readonly string[]>;

/** Compares the two counts, so that neither a function without a probe nor one that V8 misses goes unnoticed. */
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
 * Runs `run` and returns its trace.
 *
 * @throws Error if V8 and the probes count different numbers of functions in a file.
 */
export type RecordRun = (run: () => Promise<void>) => Promise<Trace>;

/** Starts to load the library with probes, and to count. Call it before the library is loaded. */
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
