/** Runs Convex's own program. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { Failure } from "./run";

/** What a program printed. */
export interface Ended {
  /** Whether it succeeded. */
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `npx convex`, without a shell, to its end.
 *
 * @throws Failure if npx does not start.
 */
export const convex = async (args: readonly string[]): Promise<Ended> => {
  const child = spawn("npx", ["convex", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const succeeded = once(child, "close").then(
    ([code]: unknown[]) => code === 0,
    (error: unknown) => {
      throw new Failure(`Cannot run npx: ${(error as Error).message}`);
    },
  );
  const printed = [text(child.stdout), text(child.stderr)] as const;
  const [ok, stdout, stderr] = await Promise.all([succeeded, ...printed]);
  return { ok, stdout, stderr };
};
