/** The pages of the documentation, and what is in them. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../..");

export interface Page {
  /** From the root of the repository, such as `docs/tools.md`. */
  readonly file: string;
  readonly text: string;
}

export interface Fence {
  /** The word behind the opening backticks. */
  readonly kind: string;
  readonly body: string;
}

const FENCE = /^```(\w*)\n([^]*?)^```$/gm;

const files = ["README.md", ...readdirSync(path.join(ROOT, "docs")).map((name) => `docs/${name}`)];

export const pages: readonly Page[] = files
  .filter((file) => file.endsWith(".md"))
  .map((file) => ({ file, text: readFileSync(path.join(ROOT, file), "utf8") }));

/** The code blocks of a page, in their order. */
export const fencesIn = ({ text }: Page): Fence[] =>
  Array.from(text.matchAll(FENCE), ([, kind = "", body = ""]) => ({ kind, body }));

/** A page without its code blocks. */
export const proseOf = ({ text }: Page): string => text.replace(FENCE, "");

/** The commands that `npm run` knows, by their names. */
export const scripts = (
  JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
    scripts: Readonly<Record<string, string>>;
  }
).scripts;
