/**
 * The program of the child process that evaluates an app's modules, so that they can do what they like: hang, end the process, print.
 * It gets one message, `Ask`, and sends a message for each module as it is done.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";
import { definitionIn, type Definition } from "./definition";
import { membersOf, type Members } from "./entries";

/** What the child is asked. Files are absolute. */
export interface Ask {
  /** Module → the file with its code. */
  readonly modules: readonly (readonly [name: string, file: string])[];
  /** Scripts to time: one that holds all that http.ts imports, and one of an empty http.ts to compare with. */
  readonly timed?: Timed | undefined;
}

export interface Timed {
  readonly http: string;
  readonly empty: string;
}

/** A Convex function that a module exports. */
export interface Exported {
  readonly name: string;
  readonly kind: "query" | "mutation" | "action";
  readonly visibility: "public" | "internal";
  /** Validators as JSON text. */
  readonly args: string;
  readonly returns: string;
}

/** What a module is found to be. Members are absent where it is nothing of the kind. */
export interface Evaluated {
  readonly functions: readonly Exported[];
  /** The names of all exports. */
  readonly names: readonly string[];
  /** `POST /mcp`; a prefix ends in `*`. */
  readonly routes?: readonly string[];
  readonly tables?: readonly string[];
  /** The functions that the crons of this module run. */
  readonly crons?: readonly string[];
  readonly definition?: Definition;
  /** What the query `list` of this module gives: the tools as `tools/list` has them, as JSON text, and what it logs. */
  readonly listed?: { readonly tools: readonly string[]; readonly said: readonly string[] };
}

export type Answer =
  | { readonly module: string; readonly found: Evaluated }
  | { readonly module: string; readonly fault: string; readonly unset: readonly string[] }
  | { readonly times: number };

const functionIn = (name: string, value: unknown): Exported[] => {
  if (typeof value !== "function") return [];
  const fn = membersOf(value);
  const kind = fn.isQuery ? "query" : fn.isMutation ? "mutation" : fn.isAction ? "action" : "";
  if (kind === "" || typeof fn.exportArgs !== "function") return [];
  const [args, returns] = ["exportArgs", "exportReturns"].map((member) =>
    (fn[member] as () => string)(),
  );
  const visibility = fn.isPublic ? "public" : "internal";
  return [{ name, kind, visibility, args: args ?? "", returns: returns ?? "null" }];
};

interface Router {
  readonly getRoutes: () => [path: string, method: string][];
}

const routesOf = (value: unknown): Partial<Evaluated> => {
  if (typeof membersOf(value).getRoutes !== "function") return {};
  const routes = (value as Router).getRoutes();
  return { routes: routes.map(([path, method]) => `${method} ${path}`) };
};

const tablesOf = (value: unknown): Partial<Evaluated> => {
  const { tables } = membersOf(value);
  return typeof tables === "object" ? { tables: Object.keys(membersOf(tables)) } : {};
};

const cronsOf = (value: unknown): Partial<Evaluated> => {
  const { crons, isCrons } = membersOf(value);
  if (isCrons !== true) return {};
  return { crons: Object.values(membersOf(crons)).map((one) => String(membersOf(one).name)) };
};

/** Runs the query `list` of the catalog, and hears what it logs. */
const listedBy = async ({ list }: Members): Promise<Partial<Evaluated>> => {
  const { invokeQuery, isInternal } = membersOf(list);
  if (typeof invokeQuery !== "function" || isInternal !== true) return {};
  const said: string[] = [];
  const warn = console.warn;
  console.warn = (...words: unknown[]) => said.push(words.map(String).join(" "));
  try {
    const invoke = invokeQuery as (args: string) => Promise<string>;
    const rows = JSON.parse(await invoke("[{}]")) as { text: string }[];
    return { listed: { tools: rows.map(({ text }) => text), said } };
  } finally {
    console.warn = warn;
  }
};

const isCatalog = (exports: Members): boolean => "list" in exports && "explain" in exports;

const evaluated = async (file: string): Promise<Evaluated> => {
  const exports = (await import(pathToFileURL(file).href)) as Members;
  return {
    functions: Object.entries(exports).flatMap(([name, value]) => functionIn(name, value)),
    names: Object.keys(exports),
    ...routesOf(exports.default),
    ...tablesOf(exports.default),
    ...cronsOf(exports.default),
    ...definitionIn(exports),
    ...(isCatalog(exports) ? await listedBy(exports) : {}),
  };
};

/** The variables of the environment that were read and are not set. */
const unset = new Set<string>();

/** Those that Node itself asks for when it imports a module. */
const ofNode = /^(?:NODE_|WATCH_REPORT_DEPENDENCIES$)/;

const watchEnvironment = (): void => {
  const env = new Proxy(process.env, {
    get: (variables, name) => {
      if (typeof name === "string" && !(name in variables) && !ofNode.test(name)) unset.add(name);
      return Reflect.get(variables, name) as unknown;
    },
  });
  Object.defineProperty(process, "env", { value: env });
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : `it throws ${String(error)}`;

const RUNS = 5;

/** How long a script takes, in ms, without its compilation. Convex evaluates anew for each request, so each run gets a script of its own. */
const time = (file: string): number => {
  const text = readFileSync(file, "utf8");
  const runs = Array.from({ length: RUNS }, (_, run) => {
    const script = new Script(`(() => {${text}\n})() // ${run}`);
    const start = performance.now();
    script.runInThisContext();
    return performance.now() - start;
  });
  return Math.min(...runs);
};

const send = (answer: Answer): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(answer, () => {
      resolve();
    });
  });

const timed = async ({ http, empty }: Timed): Promise<void> => {
  try {
    await send({ times: time(http) / time(empty) });
  } catch {
    // What cannot be evaluated is told of its module.
  }
};

const answer = async ({ modules, timed: scripts }: Ask): Promise<void> => {
  if (scripts !== undefined) await timed(scripts);
  for (const [module, file] of modules) {
    unset.clear();
    try {
      await send({ module, found: await evaluated(file) });
    } catch (error) {
      await send({ module, fault: messageOf(error), unset: [...unset] });
    }
  }
};

watchEnvironment();
process.on("message", (ask) => {
  void answer(ask as Ask).finally(() => process.exit());
});
