/** Runs commands in this process: one of their own would take most of a second each. */
import { vi } from "vitest";
import { runCommand } from "../../cli/program";
import type { Ended } from "../support/processes";

/** Collects what is written to a stream of this process. */
const capture = (stream: NodeJS.WriteStream) => {
  const texts: string[] = [];
  const spy = vi.spyOn(stream, "write").mockImplementation((chunk) => {
    texts.push(String(chunk));
    return true;
  });
  return () => {
    spy.mockRestore();
    return texts.join("");
  };
};

/** Runs a command, and hears what it prints. */
export const command = async (line: readonly string[]): Promise<Ended> => {
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  const code = await runCommand(line);
  return { code, stdout: stdout(), stderr: stderr() };
};
