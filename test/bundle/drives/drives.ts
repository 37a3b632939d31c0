/**
 * Real requests through the bundled routes, in a context that has what Convex has and no more. Its functions are stubbed, so that
 * all that runs is what Convex would run in an HTTP action.
 */
import type { Bundle } from "../runtime/load";
import { bodies } from "./bodies";
import { calls } from "./calls";
import { refusals } from "./refusals";
import { send } from "./send";
import { streams } from "./streams";

const drives = [...refusals, ...bodies, ...calls, ...streams];

export const driveNames: readonly string[] = drives.map(({ name }) => name);

/** All drives, bound to a bundle of http.ts. */
export const drivesOf = (bundle: Bundle) =>
  drives.map(({ name, run }) => ({
    name,
    run: () => run((functions, sent, check) => send(bundle, functions, sent, check)),
  }));
