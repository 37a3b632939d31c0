/** Tells of approvals that mean no tool: one that was renamed is called without anybody's approval from then on. */
import { idlePatterns } from "../../src/auth/patterns";
import type { RoleMatrix } from "../../src/operate/roleMatrix";
import { note, printable } from "./print";
import type { Run } from "./run";

/** Who puts tools under approval, such as `role sales`. */
interface Holder {
  readonly of: string;
  readonly approval: readonly string[] | undefined;
}

/** Writes a line for each holder with such patterns. It asks for the tools only if there are any approvals. */
export const tellIdle = async (run: Run, holders: readonly Holder[]): Promise<void> => {
  if (holders.every(({ approval = [] }) => approval.length === 0)) return;
  const { tools } = await run<RoleMatrix>("admin:roleMatrix", {});
  const names = tools.map(({ name }) => name);
  for (const { of, approval = [] } of holders) {
    const idle = idlePatterns(approval, names);
    if (idle.length > 0)
      note(
        printable(
          `${of}: no tool is called ${idle.join(" or ")}. Was it renamed? It needs no approval now.`,
        ),
      );
  }
};
