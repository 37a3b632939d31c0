/**
 * Convex evaluates the whole import graph of a function in a fresh V8 context for every call, with a code cache. So does this: what a
 * module costs is the work that it does at its top, and what a request costs is that of all modules on its way, and what they then run.
 */
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { deployed, deployedWithBare, type Modules } from "../../.ci/weight/deployed";
import { useConvexCrypto } from "../lib/convexCrypto";
import { median, ratio, spread, sum, times } from "../lib/numbers";
import type { Cell, Figure } from "../lib/page";
import { isQuick, report } from "../lib/report";
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
  return { name, bundle, bytes: sum([...bundle.files.values()]) };
});

const operations = Object.entries({ ...(await ofErp(erp)), ...(await ofSmallest(smallest)) });
const floorOf = (name: string): string =>
  name in modules ? (modules[name]?.[2] ?? FLOOR) : `${name}, the floor`;

const tasks = new Map<string, Task<Spent>>();
for (const { name, bundle } of bundles) tasks.set(name, () => evaluation(bundle));
for (const [name, [run, floor]] of operations) tasks.set(name, run).set(floorOf(name), floor);

// A busy machine gets fewer rounds, so that the whole stays under some minutes.
const end = performance.now() + 100_000;
const ROUNDS = isQuick ? 3 : 31;
const goesOn = (rounds: number) => rounds < 3 || (rounds < ROUNDS && performance.now() < end);
const measured = await inRounds(tasks, goesOn);

type Of = (spent: Spent) => number;
const atTop: Of = ({ evaluated }) => evaluated;
const whole: Of = ({ evaluated, ran }) => evaluated + ran;

const all = (name: string, of: Of = atTop): number[] => (measured.get(name) ?? []).map(of);

const ratioOf = (name: string, of: Of = atTop): number =>
  ratio(all(name, of), all(floorOf(name), of));

/** Modules that stand beside each other, and what they may be of the bare httpAction. */
const moduleFigure = (most: number, ...names: readonly string[]): Figure => ({
  shown: names.map((name) => `${name} ${times(ratioOf(name))}`).join(", "),
  met: names.every((name) => ratioOf(name) <= most),
});

const pathFigure = (of: string): Figure => {
  const found = operations.filter(([name, [, , most]]) => most !== undefined && name.includes(of));
  const shown = found.map(
    ([name]) => `${name} ${times(ratioOf(name))}, ${times(ratioOf(name, whole))} with what it runs`,
  );
  const met = found.every(([name, [, , most = NaN]]) => ratioOf(name) <= most);
  return { shown: shown.join("; "), met: met && found.length === 2 };
};

const columns = (name: string, of: Of): Cell[] => [
  ...[median(all(name, of)), median(all(floorOf(name), of)), times(ratioOf(name, of))],
];

/** The modules that a request evaluates, in their order. */
const evaluatedBy = (name: string): string =>
  measured.get(name)![0]!.modules.join(", ").replaceAll("toolgate/", "");

report({
  rounds: all(FLOOR).length,
  modules: bundles.map(({ name, bytes }) => [
    ...[name, spread(all(name)), times(ratioOf(name)), bytes],
  ]),
  requests: operations.map(([name]) => [
    ...[name, evaluatedBy(name), ...columns(name, atTop), ...columns(name, whole)],
  ]),
  "cold without OAuth": moduleFigure(
    1.3,
    ...["Toolgate, http.ts without OAuth", "Toolgate, gate.ts"],
    ...["smallest app: http.ts, without OAuth", "smallest app: gate.ts"],
  ),
  "cold with OAuth": moduleFigure(1.5, "Toolgate, http.ts", "Toolgate, gate.ts"),
  "with v": pathFigure("with v"),
  "of the ERP": pathFigure("ERP"),
});
