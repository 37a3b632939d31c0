/** Runs the commands of an adopter. */
import { vi } from "vitest";
import type { Ended } from "../../support/processes";
import { command } from "../command";

/** Runs a command in the folder of an app: `toolgate(app, "add", "contacts")`. */
export const toolgate = async (app: string, ...args: readonly string[]): Promise<Ended> => {
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(app);
  try {
    return await command(args);
  } finally {
    cwd.mockRestore();
  }
};
