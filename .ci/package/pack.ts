/** The package, as `npm publish` would send it. */
import { execFile } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { buildPackage } from "../build";

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, "../..");

/** A packed package. */
export interface Packed {
  /** The folder that holds both below, for the caller to remove. */
  readonly folder: string;
  readonly tarball: string;
  /** Where it is unpacked. */
  readonly content: string;
  /** The paths inside it. */
  readonly files: readonly string[];
  /** In bytes. */
  readonly packedSize: number;
  readonly unpackedSize: number;
}

interface Report {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Builds the package, packs it and unpacks it, in a folder of its own. Needs no network. */
export const pack = async (): Promise<Packed> => {
  await buildPackage();
  const folder = await mkdtemp(path.join(tmpdir(), "toolgate-package-"));
  // The build has run, so the script that would run it again is left out.
  const options = ["--json", "--ignore-scripts", "--pack-destination", folder];
  const { stdout } = await run("npm", ["pack", ...options], { cwd: root, maxBuffer: 2 ** 24 });
  const [report] = JSON.parse(stdout) as [Report];
  const tarball = path.join(folder, report.filename);
  await run("tar", ["-xzf", tarball, "-C", folder]);
  return {
    ...{ folder, tarball, content: path.join(folder, "package") },
    files: report.files.map(({ path: file }) => file),
    ...{ packedSize: report.size, unpackedSize: report.unpackedSize },
  };
};
