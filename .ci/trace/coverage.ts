/** V8's own count of the library's functions that run. */
import { Session, type Profiler } from "node:inspector/promises";
import { libraryFile } from "./libraryFile";

/** File → how many of its functions ran. */
export type Counts = ReadonlyMap<string, number>;

/** Neither is a function in the source: the first is the module itself, the second sets a class's fields. */
const isWritten = ({ functionName, ranges }: Profiler.FunctionCoverage): boolean =>
  !(functionName === "" && ranges[0]?.startOffset === 0) &&
  functionName !== "<instance_members_initializer>";

const hasRun = ({ ranges }: Profiler.FunctionCoverage): boolean => (ranges[0]?.count ?? 0) > 0;

/** Starts counting, and gives what takes the counts: of what ran since the last time. What has run before is not counted well. */
export const startCoverage = async (): Promise<() => Promise<Counts>> => {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  // Functions are enough. Details would be of branches.
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
