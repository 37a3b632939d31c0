/** The numbers to reach, and what stands in the way of those that are missed. */

/** What | number | the figure of a section that answers it | the command that turns red once it is a tenth more than today. */
const GOALS = `
cold evaluation of http.ts and gate.ts from the package, without OAuth | ≤ 1.3 × a bare httpAction of the same app | cold without OAuth | \`npm run weight\`
the same with OAuth | ≤ 1.5 × | cold with OAuth | \`npm run weight\`
all that a call evaluates, a tool written with v | query ≤ 3 ×, mutation ≤ 2.5 × a bare httpAction and a bare function | path with v | \`npm run weight\`
all that a call evaluates, the ERP's tools | query ≤ 3.5 ×, mutation ≤ 3 × | path of the ERP | \`npm run weight\`
Convex calls: forged or malformed credential | 0 | calls junk
Convex calls: denied | 1 | calls denied
Convex calls: malformed message under a well-formed key | 1 | calls malformed
Convex calls: list or discover | ≤ 2 | calls list
Convex calls: query tool | ≤ 2 | calls query
Convex calls: mutation tool | 1 | calls mutation
rows an admission reads / writes | ≤ 6 / ≤ 4, of a job or with an idempotency key ≤ 5 | rows of an admission
the same with 100,000 keys | as with 10 | rows by keys
12 writes of one key in one instant, 30 ms of commit delay | ≤ 0.5 % fail, at the upper end of the 95 % interval | conflicts of 12 writes
48 reads of one key in one instant, 30 ms of commit delay | ≤ 0.5 % | conflicts of 48 reads
12 calls of orders_create in one instant, 30 ms of commit delay | ≤ 0.5 % | conflicts of 12 orders
a client that always listens | ≤ 300,000 billed calls a month | calls of a listener
an idle deployment | ≤ 5,000 billed calls a month | calls of an idle deployment
calls per second in one process, stub database | ≥ 75 % of the hand-written floor that checks and takes an HMAC, ahead of every peer | in process
conformance, official suite | 30 of 30 on 2025-11-25, 37 of 37 on 2026-07-28, and all unscored | conformance
boot of \`npm start\` to first answer | ≤ 3 s | boot
local server while 4 imports of 1,000 lines run | another tenant's list within 1 s | lists while importing
files and lines of glue in a foreign app | ≤ 8 generated files, ≤ 60 lines in all | glue
`;

export const goals = GOALS.trim()
  .split("\n")
  .map((line) => {
    const [what = "", number = "", figure = "", check = ""] = line.split(" | ");
    return { what, number, figure, check };
  });

/** Figure → said if its goal is missed. */
export const limits: Readonly<Record<string, string>> = {
  "cold without OAuth":
    "The floor is Convex's own client code alone. Of what comes on top, the lines of the app's tools are a third, and its routes a fifth. All else is evaluated when a request needs it.",
  "cold with OAuth": "As above, and the routes of OAuth.",
  "in process":
    "A profile of a call finds no single thing left: undici's Request and Response, which all pay, are most of it, and what Toolgate adds is spread over a dozen steps of 1 to 2 µs each, which the hand-written floors do in one function for one tool: the onion of middleware, the era, the call to be admitted, its answer, the query, the result. The edge server of fastmcp and mcp-lite check the message and the arguments too, and are faster: they check no Origin, no header of an era and no member that stands twice, have no pages, and make no second call.",
  boot: "A start is compiling and evaluating: it takes as long as the machine is busy, see the load below its figures.",
};
