/**
 * Convex evaluates the whole import graph of a function in a fresh V8 context for every call, with a code cache. So does this: what a
 * module costs is the work that it does at its top, and what a request costs is that of all modules on its way, and what they then run.
 */
import { execFileSync } from "node:child_process";
import { useConvexCrypto } from "../lib/convexCrypto";
import { deployedAlone, deployedWithBare } from "../lib/deployed";
import { show, showSpread } from "../lib/markdown";
import { shuffled } from "../lib/random";
import { isQuick, report, type Cell, type Figure } from "../lib/report";
import { root } from "../lib/root";
import { median, spread } from "../lib/stats";
import { timeOf, type Spent } from "../path/freshApp";
import { operations, type Operation } from "../path/operations";

await useConvexCrypto();
execFileSync("npm", ["run", "build", "--silent"], { cwd: root, stdio: "ignore" });

const ROUNDS = isQuick ? 3 : 31;

const erp = await deployedWithBare("convex");

const FLOOR = "bare httpAction, in the same app";

/** What stands in the table → its module. */
const own = {
  [FLOOR]: "bare",
  "Toolgate, http.ts without OAuth": "httpWithoutOAuth",
  "Toolgate, http.ts": "http",
  "Toolgate, gate.ts": "toolgate/gate",
  "Toolgate, reading.ts": "toolgate/reading",
  "Toolgate, jobs.ts": "toolgate/jobs",
  "Toolgate, worker.ts": "toolgate/worker",
  "Toolgate, catalog.ts, whose answer Convex keeps": "toolgate/catalog",
  "bare query": "bareQuery",
  "a query tool written with v": "queryTool",
  "a query tool of the ERP (erp/stock.ts)": "erp/stock",
  "a mutation tool of the ERP (erp/customers.ts)": "erp/customers",
};

const others = {
  "convex-mcp-gateway, http.ts": "gateway",
  "mcp-lite with zod": "mcpLite",
  "@modelcontextprotocol/server": "sdkServer",
  "@modelcontextprotocol/sdk": "sdkClassic",
};

const bundles = Object.entries(own).map(([name, module]) => ({ name, bundle: erp.get(module) }));
for (const [name, app] of Object.entries(others))
  bundles.push({ name, bundle: (await deployedAlone(app)).get("http") });

const modules = bundles.map(({ name, bundle }) => {
  if (bundle === undefined) throw new Error(`${name} is not deployed`);
  const bytes = [...bundle.files.values()].reduce((sum, size) => sum + size, 0);
  return { name, bytes, evaluate: () => timeOf(bundle), times: [] as number[] };
});

interface Measured extends Operation {
  readonly mine: Spent[];
  readonly theirs: Spent[];
}

const paths = (await operations()).map((one): Measured => ({ ...one, mine: [], theirs: [] }));

const work = [
  ...modules.map(
    ({ evaluate, times }) =>
      async () =>
        void times.push(evaluate()),
  ),
  ...paths.map(
    ({ run, mine }) =>
      async () =>
        void mine.push(await run()),
  ),
  ...paths.map(
    ({ floor, theirs }) =>
      async () =>
        void theirs.push(await floor()),
  ),
];
// A busy machine gets fewer rounds, so that the whole stays under some minutes.
const end = performance.now() + 100_000;
let rounds = 0;
for (; rounds < ROUNDS && (rounds < 3 || performance.now() < end); rounds++) {
  for (const one of shuffled(work)) {
    // Else one would pay for what the one before it left behind.
    globalThis.gc?.();
    await one();
  }
}

/** The median of what it is of the floor in each round. */
const ratio = (mine: readonly number[], theirs: readonly number[]): number =>
  median(mine.map((one, round) => one / (theirs[round] ?? NaN)));

const times = (value: number): string => `${show(value)} ×`;

const floorTimes = modules.find(({ name }) => name === FLOOR)?.times ?? [];

const moduleRatio = (module: string): number =>
  ratio(modules.find(({ name }) => name === `Toolgate, ${module}`)?.times ?? [], floorTimes);

/** Modules that stand beside each other, and what they may be of the bare httpAction. */
const moduleFigure = (most: number, ...names: readonly string[]): Figure => ({
  shown: names.map((name) => `${name} ${times(moduleRatio(name))}`).join(", "),
  met: names.every((name) => moduleRatio(name) <= most),
});

const atTop = ({ evaluated }: Spent): number => evaluated;
const whole = ({ evaluated, ran }: Spent): number => evaluated + ran;

const pathRatio = ({ mine, theirs }: Measured, of: (spent: Spent) => number): number =>
  ratio(mine.map(of), theirs.map(of));

const pathFigure = (of: string): Figure => {
  const found = paths.filter(({ name, most }) => most !== undefined && name.includes(of));
  const shown = found.map(
    (one) =>
      `${one.name} ${times(pathRatio(one, atTop))}, ${times(pathRatio(one, whole))} with what it runs`,
  );
  const met = found.every((one) => pathRatio(one, atTop) <= (one.most ?? NaN));
  return { shown: shown.join("; "), met: met && found.length === 2 };
};

/** `http, gate, 2 × jobs`. */
const namesOf = (all: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const name of all) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(
      ([name, count]) =>
        `${count > 1 ? `${String(count)} × ` : ""}${name.replace("toolgate/", "")}`,
    )
    .join(", ");
};

const columns = ({ mine, theirs, ...one }: Measured, of: (spent: Spent) => number): Cell[] => [
  median(mine.map(of)),
  median(theirs.map(of)),
  times(pathRatio({ mine, theirs, ...one }, of)),
];

report({
  method: [
    `Fresh V8 contexts with a code cache, ${String(rounds)} rounds, in each another order; medians (lowest to highest), and medians of the ratios in each round.`,
    "Each server is an app of its own, bundled by Convex's own command line; a module is evaluated with all that it imports. Toolgate is taken from the package, as its adopters take it. The floor is a bare httpAction that is one more module of the same app as Toolgate: Convex's client code is shared by all modules of an app, so the more of it an app uses, the more each of its modules evaluates.",
    "For the paths the requests are really sent, to the app in convex-test: each call of a function evaluates its module anew, and both is timed: the evaluation of all modules on the way, and what they then run, without what they wait for the database. The package evaluates rare parts when a request first needs them, and V8 compiles what a request runs when it first runs, since the code cache holds only what an evaluation compiles: the second time tells both. It holds all work of a request, the checks of a caller too, and the floor does none of it. The floor's path is the bare httpAction with a bare query, a bare mutation, or a bare mutation that schedules a bare action. Not counted is the catalog, whose answer Convex keeps. A goal is judged by what is evaluated as the modules load; what the package evaluates at first use is in the second time, which stands beside it.",
  ],
  tables: [
    {
      title: "Evaluation of a module",
      head: ["module", "ms", "to the floor", "bytes"],
      rows: modules.map(({ name, bytes, times: all }) => [
        ...[name, showSpread(spread(all)), times(ratio(all, floorTimes)), bytes],
      ]),
    },
    {
      title: "The path of a request",
      head: [
        ...["request", "modules", "evaluated, ms", "floor", "to that"],
        ...["evaluated and run, ms", "floor", "to that"],
      ],
      rows: paths.map((one) => [
        ...[one.name, namesOf(one.mine[0]?.modules ?? [])],
        ...[...columns(one, atTop), ...columns(one, whole)],
      ]),
    },
  ],
  figures: {
    "cold without OAuth": moduleFigure(1.3, "http.ts without OAuth", "gate.ts"),
    "cold with OAuth": moduleFigure(1.5, "http.ts", "gate.ts"),
    "path with v": pathFigure("with v"),
    "path of the ERP": pathFigure("ERP"),
  },
});
