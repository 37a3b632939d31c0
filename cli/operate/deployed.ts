/** Runs functions on a deployment, through `npx convex run`. */
import { convex } from "./convex";
import { Failure, type Run } from "./run";

const HINT =
  "`npx convex run` failed. To choose a deployment, see --help; to drive the demo of `npm start`, add --local.";

/** Finds a ConvexError in the output of `npx convex run` and shows it as `code: message`. Otherwise shows the whole output with a hint. */
const explain = (stderr: string): Failure => {
  const [, data] = /ConvexError: (\{.*\})/.exec(stderr) ?? [];
  try {
    const { code, message } = JSON.parse(data ?? "{}") as { code?: string; message?: string };
    if (code !== undefined && message !== undefined) return new Failure(`${code}: ${message}`);
  } catch {
    // The output has another form, so it is shown as it is.
  }
  return new Failure(`${stderr.trimEnd()}\n${HINT}`);
};

/**
 * Makes a `Run` that calls `npx convex run`, without a shell. The command prints the value as JSON, and nothing for null.
 *
 * @param flags - that choose the deployment, such as `--prod`.
 */
export const deployed =
  (flags: readonly string[]): Run =>
  async <T>(name: string, args: object) => {
    const { ok, stdout, stderr } = await convex(["run", ...flags, name, JSON.stringify(args)]);
    if (!ok) throw explain(stderr);
    return JSON.parse(stdout.trim() === "" ? "null" : stdout) as T;
  };
