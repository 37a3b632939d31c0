/** A local server in a folder of its own, for all tests of the file that asks for it. Commands run as if in that folder. */
import { afterAll, beforeAll, vi } from "vitest";
import { newFolder, removeFolder, startJson, stopAll } from "../support/processes";

export const useLocalServer = () => {
  let folder: string;
  let server: Awaited<ReturnType<typeof startJson>>;
  beforeAll(async () => {
    folder = await newFolder();
    server = await startJson(folder);
    vi.spyOn(process, "cwd").mockReturnValue(folder);
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await stopAll();
    await removeFolder(folder);
  });
  return { folder: () => folder, server: () => server };
};
