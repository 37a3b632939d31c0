/** The whole app in convex-test, where each call evaluates its module anew in a context that has what Convex has. */
import { convexTest } from "convex-test";
import {
  makeFunctionReference,
  type FunctionReference,
  type FunctionVisibility,
} from "convex/server";
import schema from "../../../convex/schema";
import { env } from "../drives/deployment";
import { realTime } from "../runtime/clock";
import { evaluate, type Bundle } from "../runtime/load";
import { forConvexTest, type Exports } from "./functions";
import type { Bundles } from "./modules";

interface Global {
  readonly syscall: (name: string, args: string) => unknown;
  readonly asyncSyscall: (name: string, args: string) => Promise<unknown>;
}

/** Convex's half of the syscalls, as convex-test has put it up for this process. */
const convex = (): Global => (globalThis as unknown as { Convex: Global }).Convex;

const fresh = (bundled: Bundle, errors: string[]): Exports => {
  let within: <T>(run: () => T) => T = (run) => run();
  const syscall = (isAsync: boolean) => (name: string, args: string) =>
    within(() => (isAsync ? convex().asyncSyscall(name, args) : convex().syscall(name, args)));
  const surroundings = {
    ...{ env, errors, clock: realTime },
    syscall: syscall(false),
    asyncSyscall: syscall(true) as Global["asyncSyscall"],
  };
  const { exports, phase } = evaluate(bundled, surroundings);
  const enter = (entered: typeof within) => {
    within = entered;
  };
  return forConvexTest(exports, { phase, enter });
};

type Ref<Kind extends "query" | "mutation" | "action"> = FunctionReference<
  Kind,
  FunctionVisibility,
  Record<string, unknown>
>;

/** An app without data. */
export const newApp = (bundles: Bundles) => {
  const errors: string[] = [];
  const modules = [...bundles].map(
    ([name, made]) => [`convex/${name}.ts`, async () => fresh(await made(), errors)] as const,
  );
  // convex-test takes the folder above this one as the root.
  const root = ["convex/_generated/api.ts", () => Promise.resolve({})] as const;
  const t = convexTest(schema, Object.fromEntries([root, ...modules]));
  const ref = <Kind extends "query" | "mutation" | "action">(name: string) =>
    makeFunctionReference<Kind>(name) as unknown as Ref<Kind>;
  return {
    /** What was logged as an error. */
    errors,
    query: (name: string, args = {}): Promise<unknown> => t.query(ref<"query">(name), args),
    mutation: (name: string, args = {}): Promise<unknown> =>
      t.mutation(ref<"mutation">(name), args),
    action: (name: string, args = {}): Promise<unknown> => t.action(ref<"action">(name), args),
    fetch: (path: string, init: RequestInit): Promise<Response> => t.fetch(path, init),
    /** Until nothing that was scheduled runs. */
    settled: () => t.finishInProgressScheduledFunctions(),
  };
};

export type App = ReturnType<typeof newApp>;
