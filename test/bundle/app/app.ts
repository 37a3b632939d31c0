/** The whole app in convex-test, where each call evaluates its module anew in a context that has what Convex has. */
import { convexTest } from "convex-test";
import {
  makeFunctionReference,
  type FunctionReference,
  type FunctionVisibility,
} from "convex/server";
import erpSchema from "../../../convex/schema";
import { env as testEnv } from "../drives/deployment";
import { realTime } from "../runtime/clock";
import { evaluate, type Bundle } from "../runtime/load";
import { forConvexTest, type Around, type Exports } from "./functions";
import type { Bundles } from "./modules";

interface Global {
  readonly syscall: (name: string, args: string) => unknown;
  readonly asyncSyscall: (name: string, args: string) => Promise<unknown>;
}

/** Convex's half of the syscalls, as convex-test has put it up for this process. */
const convex = (): Global => (globalThis as unknown as { Convex: Global }).Convex;

/** Around what a module is and does for one call, for who measures it. */
export interface Watch {
  readonly evaluate: typeof evaluate;
  readonly run: Around;
  readonly ask: <T>(work: () => T) => T;
}

const unwatched: Watch = { evaluate, run: (work) => work(), ask: (work) => work() };

type Env = Readonly<Record<string, string>>;

const fresh = (bundled: Bundle, watch: Watch, env: Env, errors: string[]): Exports => {
  let within: <T>(run: () => T) => T = (run) => run();
  const syscall = (isAsync: boolean) => (name: string, args: string) =>
    watch.ask(() =>
      within(() => (isAsync ? convex().asyncSyscall(name, args) : convex().syscall(name, args))),
    );
  const surroundings = {
    ...{ env, errors, clock: realTime },
    syscall: syscall(false),
    asyncSyscall: syscall(true) as Global["asyncSyscall"],
  };
  const { exports, phase } = watch.evaluate(bundled, surroundings);
  const enter = (entered: typeof within) => {
    within = entered;
  };
  return forConvexTest(exports, { phase, enter, around: watch.run });
};

type Ref<Kind extends "query" | "mutation" | "action"> = FunctionReference<
  Kind,
  FunctionVisibility,
  Record<string, unknown>
>;

/** The ERP, not measured, unless given. */
interface Options {
  readonly schema?: object;
  readonly env?: Env;
  /** @param name - of the module that is called. */
  readonly watch?: (name: string) => Watch;
}

/** An app without data. */
export const newApp = (
  bundles: Bundles,
  { schema = erpSchema, env = testEnv, watch = () => unwatched }: Options = {},
) => {
  const errors: string[] = [];
  const modules = [...bundles].map(
    ([name, made]) =>
      [`convex/${name}.ts`, async () => fresh(await made(), watch(name), env, errors)] as const,
  );
  // convex-test takes the folder above this one as the root.
  const root = ["convex/_generated/api.ts", () => Promise.resolve({})] as const;
  const t = convexTest(schema as typeof erpSchema, Object.fromEntries([root, ...modules]));
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
    run: t.run,
    /** Until nothing that was scheduled runs. */
    settled: () => t.finishInProgressScheduledFunctions(),
  };
};

export type App = ReturnType<typeof newApp>;
