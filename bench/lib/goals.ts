/** The numbers to reach, and what stands in the way of those that are missed. */

export interface Goal {
  readonly what: string;
  readonly number: string;
  /** The figure that answers it. */
  readonly figure: string;
  /** Said if it is missed. */
  readonly limit?: string;
  /** The command that turns red once it is a tenth more than today. */
  readonly check?: string;
}

const WEIGHT = "`npm run weight`";

const CONFLICTS =
  "All admissions that write rows which others read begin again together, and back off at random: five tries, and five more after a pause, are too few for as many as come in one instant.";

const UNEVEN = "≤ 0.5 % fail, at the upper end of the 95 % interval";

export const goals: readonly Goal[] = [
  {
    what: "cold evaluation of http.ts and gate.ts from the package, without OAuth",
    number: "≤ 1.3 × a bare httpAction of the same app",
    ...{ figure: "cold without OAuth", check: WEIGHT },
    limit:
      "The floor is Convex's own client code alone. Of what comes on top, the lines of the app's tools are a third, and its routes a fifth. All else is evaluated when a request needs it.",
  },
  {
    ...{ what: "the same with OAuth", number: "≤ 1.5 ×" },
    ...{ figure: "cold with OAuth", check: WEIGHT, limit: "As above, and the routes of OAuth." },
  },
  {
    what: "all that a call evaluates, a tool written with v",
    number: "query ≤ 3 ×, mutation ≤ 2.5 × a bare httpAction and a bare function",
    ...{ figure: "path with v", check: WEIGHT },
    limit:
      "A call of a tool evaluates one module more than the floor does, and a query two: http.ts, gate.ts, reading.ts, the tool.",
  },
  {
    what: "all that a call evaluates, the ERP's tools",
    ...{ number: "query ≤ 3.5 ×, mutation ≤ 3 ×", figure: "path of the ERP", check: WEIGHT },
    limit:
      "As above, and what the tools state their schemas with, which is evaluated for each call.",
  },
  { what: "Convex calls: forged or malformed credential", number: "0", figure: "calls junk" },
  { what: "Convex calls: denied", number: "1", figure: "calls denied" },
  {
    what: "Convex calls: malformed message under a well-formed key",
    ...{ number: "1", figure: "calls malformed" },
  },
  { what: "Convex calls: list or discover", number: "≤ 2", figure: "calls list" },
  { what: "Convex calls: query tool", number: "≤ 2", figure: "calls query" },
  { what: "Convex calls: mutation tool", number: "1", figure: "calls mutation" },
  {
    what: "rows an admission reads / writes",
    number: "≤ 6 / ≤ 4, of a job or with an idempotency key ≤ 5",
    figure: "rows of an admission",
  },
  { what: "the same with 100,000 keys", number: "as with 10", figure: "rows by keys" },
  {
    what: "12 writes of one key in one instant, 30 ms of commit delay",
    ...{ number: UNEVEN, figure: "conflicts of 12 writes", limit: CONFLICTS },
  },
  {
    what: "48 reads of one key in one instant, 30 ms of commit delay",
    ...{ number: "≤ 0.5 %", figure: "conflicts of 48 reads", limit: CONFLICTS },
  },
  {
    what: "12 calls of orders_create in one instant, 30 ms of commit delay",
    ...{ number: "≤ 0.5 %", figure: "conflicts of 12 orders", limit: CONFLICTS },
  },
  {
    what: "a client that always listens",
    ...{ number: "≤ 300,000 billed calls a month", figure: "calls of a listener" },
  },
  {
    what: "an idle deployment",
    ...{ number: "≤ 5,000 billed calls a month", figure: "calls of an idle deployment" },
  },
  {
    what: "calls per second in one process, stub database",
    number: "≥ 75 % of the hand-written floor that checks and takes an HMAC, ahead of every peer",
    figure: "in process",
    limit:
      "A profile of a call finds no single thing left: undici's Request and Response, which all pay, are most of it, and what Toolgate adds is spread over a dozen steps of 1 to 2 µs each, which the hand-written floors do in one function for one tool: the onion of middleware, the era, the call to be admitted, its answer, the query, the result. The edge server of fastmcp and mcp-lite check the message and the arguments too, and are faster: they check no Origin, no header of an era and no member that stands twice, have no pages, and make no second call.",
  },
  {
    what: "conformance, official suite",
    number: "30 of 30 on 2025-11-25, 37 of 37 on 2026-07-28, and all unscored",
    figure: "conformance",
    limit: "See [conformance.md](conformance.md) for what each missing scenario lacks.",
  },
  {
    what: "boot of `npm start` to first answer",
    ...{ number: "≤ 3 s", figure: "boot" },
    limit:
      "A start is compiling and evaluating: it takes as long as the machine is busy, see the load below its figures.",
  },
  {
    what: "local server while 4 imports of 1,000 lines run",
    ...{ number: "another tenant's list within 1 s", figure: "lists while importing" },
    limit:
      "convex-test runs one transaction after the other, in one thread: a list waits for the part of an import that runs.",
  },
  {
    what: "files and lines of glue in a foreign app",
    ...{ number: "≤ 8 generated files, ≤ 60 lines in all", figure: "glue" },
  },
];
