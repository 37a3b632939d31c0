/** The numbers to reach, what has been measured, and what stands in the way of those that were missed. */
import type { Figure, Table } from "./report";

interface Goal {
  readonly what: string;
  readonly number: string;
  /** Names of the figures that answer it. */
  readonly figures: readonly string[];
  /** Said if it is missed. */
  readonly limit?: string;
}

const goals: readonly Goal[] = [
  {
    what: "cold evaluation of the graphs of http.ts and gate.ts",
    number: "≤ 1.3 × a bare httpAction of the same app",
    figures: ["cold http.ts", "cold gate.ts"],
    limit:
      "The floor is Convex's own client code alone. On top of it come the functions of the protocol or of the gate, some 190 to 300 of them. Convex's bundler has each told its name (esbuild's keepNames), which is half of what Toolgate adds, as the column without names shows. Loading what few requests need only then is not open: Convex's documentation rules dynamic imports out.",
  },
  {
    what: "Convex calls: junk key",
    number: "0",
    figures: ["calls junk"],
  },
  { what: "Convex calls: denied", number: "1", figures: ["calls denied"] },
  { what: "Convex calls: list or discover", number: "≤ 2", figures: ["calls list"] },
  { what: "Convex calls: query tool", number: "≤ 2", figures: ["calls query"] },
  { what: "Convex calls: mutation tool", number: "≤ 2, aim for 1", figures: ["calls mutation"] },
  {
    what: "rows an admission reads / writes",
    number: "≤ 6 / ≤ 4",
    figures: ["rows of an admission"],
    limit:
      "A call takes tokens from two buckets and leaves an audit row, which are three. An idempotency key adds the row that remembers a mutation's result; a job adds its own row, which remembers its key as well, and its place among the open streams. All of it must commit together. The place is no field of the job's row: whoever wants a place counts them all, and would have to begin again whenever one of those jobs reports progress.",
  },
  { what: "the same with many keys", number: "as with 10", figures: ["rows by keys"] },
  {
    what: "calls per second in one process, stub database",
    number: "ahead of every peer, ≥ 90 % of the floor",
    figures: ["in process"],
    limit:
      "The floor and the fastest peers trust the message: they parse the body with `JSON.parse` and look at neither headers nor duplicate members; the floor that checks shows what that costs by itself. A profile of a call finds no single thing left: undici's Request and Response, which all pay, are most of it, and what Toolgate adds is spread over a dozen steps of 1 to 2 µs each, which the hand-written floors do in one function for one tool: the onion of middleware, the era, the call to be admitted, its answer, the query, the result.",
  },
  {
    what: "the same inside convex-test, all guards on",
    number: "≥ 1.5 × convex-mcp-gateway with its audit on",
    figures: ["convex-test"],
    limit:
      "convex-test is most of a call: it keeps no indexes, reads the validators of a function again for every call, and copies every row. Toolgate takes from two buckets, which are a quarter of a call by themselves, and reads a key and a role, all of which the gateway does not have.",
  },
  {
    what: "both halves of the rounds of a run agree on the order of the servers",
    number: "no two of them the other way round, half of all told apart",
    figures: ["order in process", "order in convex-test"],
    limit:
      "Other work on the machine: a server counts as ahead of another only if it was so in nine of ten rounds, which noise alone seldom makes.",
  },
  {
    what: "conformance, official suite",
    number: "30 of 30 on 2025-11-25, 37 of 37 on 2026-07-28, and all unscored",
    figures: ["conformance"],
    limit: "See [conformance.md](conformance.md) for what each missing scenario lacks.",
  },
  { what: "boot of `npm start` to first answer", number: "≤ 3 s", figures: ["boot"] },
];

const judged = (figures: Readonly<Record<string, Figure>>) =>
  goals.map((goal) => {
    const found = goal.figures.map((name) => {
      const figure = figures[name];
      if (figure === undefined) throw new Error(`Nobody measured ${name}`);
      return figure;
    });
    return { ...goal, found, met: found.every(({ met }) => met) };
  });

/** Goal by goal: what was measured and whether that is enough. */
export const goalsTable = (figures: Readonly<Record<string, Figure>>): Table => {
  const all = judged(figures);
  return {
    title: "Goals",
    head: ["what", "goal", "measured", "reached"],
    rows: all.map(({ what, number, found, met }) => [
      ...[what, number],
      found.map(({ shown }) => shown).join("; "),
      met ? "yes" : "**missed**",
    ]),
  };
};

/** For each goal that was missed, what limits it. */
export const limits = (figures: Readonly<Record<string, Figure>>): string[] =>
  judged(figures)
    .filter(({ met }) => !met)
    .map(({ what, limit }) => `- ${what}: ${limit ?? "not looked into"}`);
