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

const CONFLICTS =
  "All admissions that write rows which others read begin again together, and back off at random: five tries, and five more after a pause, are too few for as many as come in one instant.";

const goals: readonly Goal[] = [
  {
    what: "cold evaluation of http.ts and gate.ts from the package, without OAuth",
    number: "≤ 1.3 × a bare httpAction of the same app",
    figures: ["cold without OAuth"],
    limit:
      "The floor is Convex's own client code alone. Of what comes on top, the lines of the app's tools are a third (23 of them in the ERP), and its routes a fifth. All else is evaluated when a request needs it.",
  },
  {
    what: "the same with OAuth",
    number: "≤ 1.5 ×",
    figures: ["cold with OAuth"],
    limit: "As above, and the routes of OAuth.",
  },
  {
    what: "all that a call evaluates, a tool written with v",
    number: "query ≤ 3 ×, mutation ≤ 2.5 × a bare httpAction and a bare function",
    figures: ["path with v"],
    limit:
      "The door for functions, which a tool imports to know its caller, brings zod along with helpers that few tools use.",
  },
  {
    what: "all that a call evaluates, the ERP's tools",
    number: "query ≤ 3.5 ×, mutation ≤ 3 ×",
    figures: ["path of the ERP"],
    limit: "The tools state their schemas with the whole of zod, which is evaluated for each call.",
  },
  { what: "Convex calls: forged or malformed credential", number: "0", figures: ["calls junk"] },
  { what: "Convex calls: denied", number: "1", figures: ["calls denied"] },
  {
    what: "Convex calls: malformed message under a well-formed key",
    number: "1",
    figures: ["calls malformed"],
  },
  { what: "Convex calls: list or discover", number: "≤ 2", figures: ["calls list"] },
  { what: "Convex calls: query tool", number: "≤ 2", figures: ["calls query"] },
  { what: "Convex calls: mutation tool", number: "1", figures: ["calls mutation"] },
  {
    what: "rows an admission reads / writes",
    number: "≤ 6 / ≤ 4, of a job or with an idempotency key ≤ 5",
    figures: ["rows of an admission"],
  },
  { what: "the same with 100,000 keys", number: "as with 10", figures: ["rows by keys"] },
  {
    what: "12 writes of one key in one instant, 30 ms of commit delay",
    number: "≤ 0.5 % fail, at the upper end of the 95 % interval",
    figures: ["conflicts of 12 writes"],
    limit: CONFLICTS,
  },
  {
    what: "48 reads of one key in one instant, 30 ms of commit delay",
    number: "≤ 0.5 %",
    figures: ["conflicts of 48 reads"],
    limit: CONFLICTS,
  },
  {
    what: "12 calls of orders_create in one instant, 30 ms of commit delay",
    number: "≤ 0.5 %",
    figures: ["conflicts of 12 orders"],
    limit: CONFLICTS,
  },
  {
    what: "a client that always listens",
    number: "≤ 300,000 billed calls a month",
    figures: ["calls of a listener"],
  },
  {
    what: "an idle deployment",
    number: "≤ 5,000 billed calls a month",
    figures: ["calls of an idle deployment"],
    limit: "The cron sweeps every minute, whether there is anything to sweep or not.",
  },
  {
    what: "calls per second in one process, stub database",
    number:
      "≥ 75 % of the hand-written floor that checks and takes an HMAC, ahead of every peer but the two that check nothing",
    figures: ["in process"],
    limit:
      "A profile of a call finds no single thing left: undici's Request and Response, which all pay, are most of it, and what Toolgate adds is spread over a dozen steps of 1 to 2 µs each, which the hand-written floors do in one function for one tool: the onion of middleware, the era, the call to be admitted, its answer, the query, the result.",
  },
  {
    what: "conformance, official suite",
    number: "30 of 30 on 2025-11-25, 37 of 37 on 2026-07-28, and all unscored",
    figures: ["conformance"],
    limit: "See [conformance.md](conformance.md) for what each missing scenario lacks.",
  },
  {
    what: "boot of `npm start` to first answer",
    number: "≤ 3 s",
    figures: ["boot"],
    limit:
      "A start is compiling and evaluating: it takes as long as the machine is busy, see the load below its figures.",
  },
  {
    what: "local server while 4 imports of 1,000 lines run",
    number: "another tenant's list within 1 s",
    figures: ["lists while importing"],
    limit:
      "convex-test runs one transaction after the other, in one thread: a list waits for the part of an import that runs.",
  },
  {
    what: "files and lines of glue in a foreign app",
    number: "≤ 8 generated files, ≤ 60 lines in all",
    figures: ["glue"],
    limit: "An app without routes and crons of its own gets files for them.",
  },
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
