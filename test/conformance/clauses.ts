/** Which test proves which clause of a specification: read from the `@spec` lines at the head of each test file. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export interface Clause {
  /** The specification and its revision, such as `MCP 2025-11-25`. */
  readonly revision: string;
  /** The page or section in it. */
  readonly clause: string;
  /** The test file, from the root of the repository. */
  readonly test: string;
}

const REVISION =
  /^(MCP (?:Apps )?\d{4}-\d{2}-\d{2}|JSON-RPC 2\.0|RFC \d+|Fetch standard|WHATWG HTML|draft-[\w-]+)[, ]*(.*)$/;

const isTest = (file: string): boolean =>
  file.endsWith(".test.ts") && !file.includes("node_modules");

const clausesOf = (root: string, test: string): Clause[] => {
  const [head = ""] = /^\/\*\*.*?\*\//s.exec(readFileSync(path.join(root, test), "utf8")) ?? [];
  return [...head.matchAll(/^ \* @spec (.*)$/gm)].map(([, text = ""]) => {
    const [, revision, clause = ""] = REVISION.exec(text) ?? [];
    if (revision === undefined) throw new Error(`${test}: no specification is known by "${text}"`);
    return { revision, clause, test };
  });
};

/** All clauses that a test names, by specification, then page, then file. */
export const findClauses = (root: string): Clause[] =>
  ["src", "test"]
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
        .filter(isTest)
        .map((file) => path.posix.join(folder, file)),
    )
    .flatMap((file) => clausesOf(root, file))
    .sort((a, b) =>
      `${a.revision} ${a.clause} ${a.test}` < `${b.revision} ${b.clause} ${b.test}` ? -1 : 1,
    );

/** A table for docs/conformance.md. */
export const clauseTable = (clauses: readonly Clause[]): string =>
  [
    "| specification | clause | proved by |",
    "| - | - | - |",
    ...clauses.map(
      ({ revision, clause, test }) =>
        `| ${revision} | ${clause === "" ? "all of it" : clause} | [${test.replace(/\.test\.ts$/, "")}](../${test}) |`,
    ),
  ].join("\n");
