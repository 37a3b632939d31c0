/** The table of clauses in docs/conformance.md is what the tests say today. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { clauseTable, findClauses } from "../conformance/clauses";

const root = path.resolve(import.meta.dirname, "../..");

test("docs/conformance.md holds it: `npm run conformance` writes it", async () => {
  const file = path.join(root, "docs/conformance.md");
  const options = { ...(await resolveConfig(file)), filepath: file };
  const table = await format(clauseTable(findClauses(root)), options);
  expect(await readFile(file, "utf8")).toContain(table.trim());
});

test("both eras are there, and every era has its transport", () => {
  const revisions = findClauses(root).map(({ revision, clause }) => `${revision} ${clause}`);
  expect(revisions).toContain("MCP 2025-11-25 basic/transports");
  expect(revisions).toContain("MCP 2026-07-28 basic/transports/streamable-http");
});
