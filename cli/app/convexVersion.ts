/** Which version of `convex` an app has, and what an older one lacks. */
import { createRequire } from "node:module";
import path from "node:path";

type Version = readonly [major: number, minor: number];

/** Whether a version such as `1.31.2` is older than another. */
export const isBefore = (version: string, [major, minor]: Version): boolean => {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
};

/** Returns the version that an app in a folder has; undefined if it has none. */
export const convexVersionIn = (folder: string): string | undefined => {
  try {
    const require = createRequire(path.join(folder, "package.json"));
    return (require("convex/package.json") as { version: string }).version;
  } catch {
    return undefined;
  }
};

/** Says what an app lacks with its version of `convex`. Convex 1.38 brought `ctx.meta.getRequestMetadata`. */
export const lacking = (version: string): string[] =>
  isBefore(version, [1, 38])
    ? [`The audit log has no IP addresses with convex ${version}. It has them from convex 1.38 on.`]
    : [];
