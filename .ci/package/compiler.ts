/** A compiler, run as a program of its own. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Compiles an app, and returns what the compiler says about it; nothing if all is well.
 *
 * @param compiler - the file of the compiler's program.
 * @throws Error if the compiler does not run to its end, or fails without a word about the app.
 */
export const complaints = async (compiler: string, app: string): Promise<string> => {
  const args = [compiler, "-p", app, "--preserveSymlinks"];
  try {
    return (await promisify(execFile)(process.execPath, args)).stdout;
  } catch (error) {
    const { code, stdout } = error as { code?: unknown; stdout?: string };
    // A compiler that finds something ends with a number of its own, and says what on its output.
    if (typeof code !== "number" || !stdout) throw error;
    return stdout;
  }
};
