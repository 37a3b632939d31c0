/** Runs the commands of an adopter in this process: one of their own would take a second each. */
import { vi } from "vitest";
import { runCommand } from "../../../cli/program";

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

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

/** Runs a command in the folder of an app: `toolgate(app, "add", "contacts")`. */
export const toolgate = async (app: string, ...args: readonly string[]): Promise<Ended> => {
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(app);
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  try {
    const code = await runCommand(args);
    return { code, stdout: stdout(), stderr: stderr() };
  } finally {
    cwd.mockRestore();
  }
};
