/** Test files share a worker, and so the modules of the product. What tests themselves hold begins anew with each file. */
import path from "node:path";
import { vi } from "vitest";
import { endTimers } from "./timers";

interface Evaluated {
  promise: unknown;
  exports: unknown;
  evaluated: boolean;
}

/** Vitest has no public name for the modules of a worker. */
interface Worker {
  readonly evaluatedModules: { readonly idToModuleMap: ReadonlyMap<string, Evaluated> };
}

const tests = path.resolve("test") + path.sep;
const observer = path.join(tests, "support/observer") + path.sep;
const environment = { ...process.env };

const worker = () =>
  (globalThis as unknown as { readonly __vitest_worker__: Worker }).__vitest_worker__;

/** Their hooks, servers and variables belong to the file that imported them. The observer stays: the product's modules hold it. */
const forgetTestModules = (): void => {
  for (const [id, module] of worker().evaluatedModules.idToModuleMap) {
    if (!id.startsWith(tests) || id.startsWith(observer)) continue;
    Object.assign(module, { promise: undefined, exports: undefined, evaluated: false });
  }
};

const resetEnvironment = (): void => {
  for (const name of Object.keys(process.env))
    if (!(name in environment)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, environment);
};

/** Some tests count hashes, and one has Convex's. Node's own stand on the prototype. */
const resetCrypto = (): void => {
  for (const name of Object.getOwnPropertyNames(crypto.subtle))
    Reflect.deleteProperty(crypto.subtle, name);
};

/** Undoes what the file before left behind. */
export const beginAnew = (): void => {
  vi.useRealTimers();
  endTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  resetEnvironment();
  resetCrypto();
  forgetTestModules();
};
