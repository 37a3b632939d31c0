/** Starts the one Chromium of all files. */
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the files reach the browser. */
    readonly chromium: string;
  }
}

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const findChromium = (): string => {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(
    isProgram,
  );
  if (found === undefined)
    throw new Error(`No browser in PATH: install one of ${NAMES.join(", ")}`);
  return found;
};

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const server = await chromium.launchServer({
    executablePath: findChromium(),
    args: ["--no-sandbox"],
  });
  provide("chromium", server.wsEndpoint());
  return () => server.close();
};
