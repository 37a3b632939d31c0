/** The table of hints in docs/directories.md, from which forms are filled in, is what `tools/list` says. */
import { expect, test } from "vitest";
import { issueKey, listTools, newServer } from "../support/gate";
import { pages } from "./pages";

const HINTS = ["readOnlyHint", "destructiveHint", "openWorldHint"] as const;

const row = /^\| `(\w+)` +\| (\w+): (.+?) *\| (\w+): (.+?) *\| (\w+): (.+?) *\|$/gm;

test("docs/directories.md gives each tool of the ERP the hints that clients are told, each with a reason", async () => {
  const { text } = pages.find(({ file }) => file === "docs/directories.md")!;
  const told = Array.from(text.matchAll(row), ([, name, ...cells]) => [
    name,
    ...[0, 2, 4].map((at) => ({ yes: true, no: false })[cells[at] ?? ""]),
  ]);
  const t = await newServer();
  const { key } = await issueKey(t);
  const tools = (await listTools(t, key)) as {
    name: string;
    annotations: Record<string, boolean>;
  }[];
  expect(told.sort()).toEqual(
    tools.map(({ name, annotations }) => [name, ...HINTS.map((hint) => annotations[hint])]).sort(),
  );
  const reasons = Array.from(text.matchAll(row), ([, , , a, , b, , c]) => [a, b, c]).flat();
  expect(reasons.filter((reason = "") => reason.length < 15)).toEqual([]);
});
