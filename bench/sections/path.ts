/**
 * Convex evaluates the whole import graph of a function in a fresh V8 context for every call, with a code cache. So does this: what a
 * module costs is the work that it does at its top, and what a request costs is that of all modules on its way, and what they then run.
 */
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { deployed, deployedWithBare, type Modules } from "../../.ci/weight/deployed";
import { useConvexCrypto } from "../lib/convexCrypto";
import { median, ratio, spread, times } from "../lib/numbers";
import { isQuick, report, type Cell, type Figure } from "../lib/report";
import { inRounds, type Task } from "../lib/rounds";
import { ofErp, ofSmallest } from "../path/operations";
import { evaluation, type Spent } from "../path/stopwatch";

useConvexCrypto();
execFileSync("npm", ["run", "build", "--silent"], { stdio: "ignore" });

/** A server of bench/peers as one would deploy it. */
const deployedPeer = (name: string): Promise<Modules> =>
  deployed("bench", async (cwd) => {
    await mkdir(`${cwd}/convex`);
    const text = `
      import { httpActionGeneric, httpRouter } from "convex/server";
      import { ${name} } from "../../../../peers/${name}";
      const http = httpRouter();
      const serve = ${name}.serve(["add"]);
      const handler = httpActionGeneric((ctx, request) => serve(request, ctx));
      http.route({ path: "/mcp", method: "POST", handler });
      export default http;`;
    await writeFile(`${cwd}/convex/http.ts`, text);
  });

const erp = await deployedWithBare("convex");
const smallest = await deployedWithBare("examples/smallest/convex");

const FLOOR = "bare httpAction, in the same app";
const SMALL_FLOOR = "smallest app: bare httpAction, in the same app";

/** What stands in the table → the app that it is a module of, the module, and what it is compared with. */
const modules: Readonly<Record<string, readonly [Modules, string, string?]>> = {
  [FLOOR]: [erp, "bare"],
  "Toolgate, http.ts without OAuth": [erp, "httpWithoutOAuth"],
  "Toolgate, http.ts": [erp, "http"],
  "Toolgate, gate.ts": [erp, "toolgate/gate"],
  "Toolgate, reading.ts": [erp, "toolgate/reading"],
  "Toolgate, jobs.ts": [erp, "toolgate/jobs"],
  "Toolgate, worker.ts": [erp, "toolgate/worker"],
  "Toolgate, catalog.ts, whose answer Convex keeps": [erp, "toolgate/catalog"],
  "bare query": [erp, "bareQuery"],
  "a query tool written with v": [erp, "queryTool"],
  "a query tool of the ERP (erp/stock.ts)": [erp, "erp/stock"],
  "a mutation tool of the ERP (erp/customers.ts)": [erp, "erp/customers"],
  [SMALL_FLOOR]: [smallest, "bare"],
  "smallest app: http.ts, without OAuth": [smallest, "http", SMALL_FLOOR],
  "smallest app: gate.ts": [smallest, "toolgate/gate", SMALL_FLOOR],
  "convex-mcp-gateway, http.ts": [await deployedPeer("gateway"), "http"],
  "mcp-lite with zod": [await deployedPeer("mcpLite"), "http"],
  "@modelcontextprotocol/server": [await deployedPeer("sdkServer"), "http"],
};

const bundles = Object.entries(modules).map(([name, [app, module]]) => {
  const bundle = app.get(module);
  if (bundle === undefined) throw new Error(`${name} is not deployed`);
  const bytes = [...bundle.files.values()].reduce((sum, size) => sum + size, 0);
  return { name, bundle, bytes };
});

const operations = { ...(await ofErp(erp)), ...(await ofSmallest(smallest)) };
const paths = Object.entries(operations);
const floorOf = (name: string): string => `${name}, the floor`;

const tasks = new Map<string, Task<Spent>>();
for (const { name, bundle } of bundles) tasks.set(name, () => evaluation(bundle));
for (const [name, [run, floor]] of paths) tasks.set(name, run).set(floorOf(name), floor);

// A busy machine gets fewer rounds, so that the whole stays under some minutes.
const end = performance.now() + 100_000;
const ROUNDS = isQuick ? 3 : 31;
const measured = await inRounds(
  tasks,
  (rounds) => rounds < ROUNDS && (rounds < 3 || performance.now() < end),
);

type Of = (spent: Spent) => number;
const atTop: Of = ({ evaluated }) => evaluated;
const whole: Of = ({ evaluated, ran }) => evaluated + ran;

const all = (name: string, of: Of = atTop): number[] => (measured.get(name) ?? []).map(of);

const moduleRatio = (name: string): number => ratio(all(name), all(modules[name]?.[2] ?? FLOOR));

/** Modules that stand beside each other, and what they may be of the bare httpAction. */
const moduleFigure = (most: number, ...names: readonly string[]): Figure => ({
  shown: names.map((name) => `${name} ${times(moduleRatio(name))}`).join(", "),
  met: names.every((name) => moduleRatio(name) <= most),
});

const pathRatio = (name: string, of: Of): number => ratio(all(name, of), all(floorOf(name), of));

const pathFigure = (of: string): Figure => {
  const found = paths.filter(([name, [, , most]]) => most !== undefined && name.includes(of));
  const shown = found.map(
    ([name]) =>
      `${name} ${times(pathRatio(name, atTop))}, ${times(pathRatio(name, whole))} with what it runs`,
  );
  const met = found.every(([name, [, , most = NaN]]) => pathRatio(name, atTop) <= most);
  return { shown: shown.join("; "), met: met && found.length === 2 };
};

/** `http, gate, 2 × jobs`. */
const namesOf = (names: readonly string[]): string =>
  [...new Set(names)]
    .map((name) => {
      const count = names.filter((one) => one === name).length;
      return `${count > 1 ? `${String(count)} × ` : ""}${name.replace("toolgate/", "")}`;
    })
    .join(", ");

const columns = (name: string, of: Of): Cell[] => [
  ...[median(all(name, of)), median(all(floorOf(name), of)), times(pathRatio(name, of))],
];

report({
  title: "The path: what a request evaluates",
  method: [
    `Fresh V8 contexts with a code cache, ${String(measured.get(FLOOR)?.length)} rounds, in each another order; medians (lowest to highest), and medians of the ratios in each round.`,
    "Each server is an app of its own, bundled by Convex's own command line; a module is evaluated with all that it imports. Toolgate is taken from the package, as its adopters take it. The floor is a bare httpAction that is one more module of the same app as Toolgate: Convex's client code is shared by all modules of an app, so the more of it an app uses, the more each of its modules evaluates. The modules are those of the ERP, and of the smallest app as `toolgate init` makes it; peers are compared with the ERP's floor.",
    "For the paths the requests are really sent, to the app in convex-test: each call of a function evaluates its module anew, and both is timed: the evaluation of all modules on the way, and what they then run, without what they wait for the database, and without what Linux gave to other processes while this one was ready to run. The package evaluates rare parts when a request first needs them, and V8 compiles what a request runs when it first runs, since the code cache holds only what an evaluation compiles: the second time tells both. It holds all work of a request, the checks of a caller too, and the floor does none of it. The floor's path is the bare httpAction with a bare query, a bare mutation, or a bare mutation that schedules a bare action. Not counted is the catalog, whose answer Convex keeps. A goal is judged by what is evaluated as the modules load; what the package evaluates at first use is in the second time, which stands beside it.",
  ],
  tables: [
    {
      title: "Evaluation of a module",
      head: ["module", "ms", "to the floor", "bytes"],
      rows: bundles.map(({ name, bytes }) => [
        ...[name, spread(all(name)), times(moduleRatio(name)), bytes],
      ]),
    },
    {
      title: "The path of a request",
      head: [
        ...["request", "modules", "evaluated, ms", "floor", "to that"],
        ...["evaluated and run, ms", "floor", "to that"],
      ],
      rows: paths.map(([name]) => [
        ...[name, namesOf(measured.get(name)?.[0]?.modules ?? [])],
        ...[...columns(name, atTop), ...columns(name, whole)],
      ]),
    },
  ],
  figures: {
    "cold without OAuth": moduleFigure(
      1.3,
      ...["Toolgate, http.ts without OAuth", "Toolgate, gate.ts"],
      ...["smallest app: http.ts, without OAuth", "smallest app: gate.ts"],
    ),
    "cold with OAuth": moduleFigure(1.5, "Toolgate, http.ts", "Toolgate, gate.ts"),
    "path with v": pathFigure("with v"),
    "path of the ERP": pathFigure("ERP"),
  },
});
