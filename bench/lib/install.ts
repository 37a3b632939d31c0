/** The peers are many and heavy, so they are installed only when somebody asks for the benchmarks. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { root } from "./root";

export const install = (): void => {
  const folder = path.join(root, "bench");
  if (existsSync(path.join(folder, "node_modules"))) return;
  console.log("Installing what the benchmarks compare with …");
  // Some packages ask for a newer Node than they need; none has to build anything.
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  execFileSync("npm", ["ci", "--prefix", folder, ...flags], { stdio: "inherit", cwd: folder });
};
