/** The numbers to reach, and what has been measured. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Report, Table } from "./report";
import { root } from "./root";

type Figures = NonNullable<Report["figures"]>;

/** What docs/conformance.md says, per revision: the official suite runs apart, by `npm run conformance`. */
const conformance = async (): Promise<string> => {
  const text = await readFile(path.join(root, "docs", "conformance.md"), "utf8");
  const found = [
    ...text.matchAll(
      /^## MCP (\S+)\n\nscored: (\d+ of \d+) scenarios.*?not scored: (\d+ of \d+)/gm,
    ),
  ];
  return found
    .map(
      ([, revision = "", scored = "", other = ""]) => `${revision}: ${scored}, unscored ${other}`,
    )
    .join("; ");
};

/** Goal, number, names of the figures that answer it. */
const goals: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "cold evaluation of the graphs of http.ts and gate.ts",
    "≤ 1.3 × a bare httpAction",
    ["cold http.ts", "cold gate.ts"],
  ],
  ["Convex calls: malformed request or junk key", "0", ["calls malformed"]],
  ["Convex calls: denied", "1", ["calls denied"]],
  ["Convex calls: list or discover", "≤ 2", ["calls list"]],
  ["Convex calls: query tool", "≤ 2", ["calls query"]],
  ["Convex calls: mutation tool", "≤ 2, aim for 1", ["calls mutation"]],
  ["rows an admission reads / writes", "≤ 6 / ≤ 4", ["rows of an admission"]],
  ["the same with many keys", "as with 10", ["rows by keys"]],
  [
    "calls per second, stub database",
    "ahead of every peer, ≥ 90 % of the floor",
    ["tools/call, 2 tools, 1 in flight", "tools/call, 2 tools, 32 in flight"],
  ],
  [
    "the same inside convex-test, all guards on",
    "≥ 1.5 × convex-mcp-gateway with its audit on",
    ["convex-test"],
  ],
  ["boot of `npm start` to first answer", "≤ 3 s", ["boot"]],
];

export const goalsTable = async (figures: Figures): Promise<Table> => ({
  title: "Goals",
  head: ["what", "goal", "measured"],
  rows: [
    ...goals.map(([what, goal, names]) => [
      what,
      goal,
      names.map((name) => String(figures[name] ?? "not measured")).join("; "),
    ]),
    [
      "conformance, official suite",
      "30 of 30 on 2025-11-25, 37 of 37 on 2026-07-28",
      await conformance(),
    ],
  ],
});
