/** Runs one section in a process of its own: convex-test replaces globals, and nobody else shall pay for that. */
import { fork } from "node:child_process";
import path from "node:path";
import type { Report } from "./report";
import { root } from "./root";

export const runSection = (folder: string, name: string, quick: boolean): Promise<Report> =>
  new Promise((resolve, reject) => {
    const child = fork(
      path.join(folder, "bench", "sections", `${name}.mjs`),
      quick ? ["--quick"] : [],
      {
        cwd: root,
        execArgv: ["--expose-gc", "--no-warnings"],
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      },
    );
    let result: Report | undefined;
    let complaints = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      complaints = (complaints + chunk.toString()).slice(-4000);
    });
    child.on("message", (message) => {
      result = message as Report;
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (result !== undefined) resolve(result);
      else reject(new Error(`${name} ended with ${String(code)}:\n${complaints}`));
    });
  });
