/** Counts with V8 which functions of the library run. */
import { Session, type Profiler } from "node:inspector/promises";
import { libraryFile } from "./libraryFile";

/** File → how many of its functions ran. */
export type Counts = ReadonlyMap<string, number>;

/**
 * Functions that are not in the source: those that set the fields of a class, and the one by which tsx keeps names where Node runs its
 * hooks after ours (22 and later).
 */
const ADDED = ["<instance_members_initializer>", "<static_initializer>", "__name"];

/** Leaves those out, and the module itself. */
const isWritten = ({ functionName, ranges }: Profiler.FunctionCoverage): boolean =>
  !(functionName === "" && ranges[0]?.startOffset === 0) && !ADDED.includes(functionName);

const hasRun = ({ ranges }: Profiler.FunctionCoverage): boolean => (ranges[0]?.count ?? 0) > 0;

/**
 * Starts to count. Start before the library is loaded: V8 counts code that ran earlier badly.
 *
 * @returns a function that returns the counts since its last call.
 */
export const startCoverage = async (): Promise<() => Promise<Counts>> => {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  // Details would count branches, and functions are enough.
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  return async () => {
    const { result } = await session.post("Profiler.takePreciseCoverage");
    const counts = new Map<string, number>();
    for (const { url, functions } of result) {
      const file = libraryFile(url);
      const ran = functions.filter((each) => isWritten(each) && hasRun(each)).length;
      if (file !== undefined && ran > 0) counts.set(file, ran);
    }
    return counts;
  };
};
