/** Every read of the library has a bound, so that no table makes a call slow by growing. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../src");

/**
 * The loops over rows, and what bounds each. A range that is handed on reads nothing: only these, `first`, `unique`, `take` and `paginate` do.
 * Whoever adds one states its bound here.
 */
const BOUNDED: Readonly<Record<string, string>> = {
  "auth/newestSeal.ts: for await (const seal of newestFirst(db))": "1,000 seals and 4 MB",
  "auth/dueSeals.ts: for await (const seal of unpruned(db))": "`most`, and 2 MB",
  "data/meter.ts: for await (const row of rows)": "the number and the bytes of its caller",
  "jobs/callerNow.ts: for (let turn = 0; turn < MOST_ROTATIONS && key !== null; turn++)":
    "20 rotations",
  "middleware/tokenBucket.ts: for (let index = 0; index < bucket.limit.shards; index++)":
    "the shards of a bucket: 24 at most",
  "operate/auditLog.ts: for await (const row of rows)": "500 rows",
  "operate/page.ts: paginate": "its limit of up to 200 rows, and 8 MiB",
  "operate/readJobs.ts: asyncIterator": "taken from by the page below, row by row",
  "operate/readJobs.ts: for await (const row of newestFirst(…))": "its limit, and its characters",
  "operate/readJobs.ts: for await (const row of rows)": "`most` and its characters",
  "operate/record/place.ts: for await (const seal of alike)": "hands on to the check below",
  "operate/record/place.ts: yield*": "hands on to the check below",
  "operate/record/sealAudit.ts: while (done.seals < SEALS)": "5 seals",
  "operate/record/verifyAudit.ts: for await (const seal of sealsAfter(…))": "a full page",
  "operate/rotations.ts: for (let turn = 0; newest.replacedBy !== undefined; turn++)":
    "2,000 rotations",
  "operate/rotations.ts: for (let turn = 0; turn <= MOST_BACK && at !== null && !ids.has(at.keyId); turn++)":
    "20 rotations",
};

/** What reads a table to its end, and never has a bound. */
const ENDLESS = ["collect", "fromAsync"];

/** A loop, without the arguments of what it goes over unless they are short. */
const loopText = ({ initializer, expression }: ts.ForOfStatement): string => {
  const over = expression.getText();
  const short = over.length <= 20 ? over : over.replace(/\(.*\)$/s, "(…)");
  return `for await (${initializer.getText()} of ${short})`;
};

/** Whether a node waits for what is in the database: it goes by `ctx`, `db` or `tx`, as the library names them. */
const readsRows = (node: ts.Node): boolean =>
  ts.isAwaitExpression(node)
    ? /\b(?:ctx|db|tx)\b/.test(node.getText())
    : ts.forEachChild(node, readsRows) === true;

/** A loop that goes on from row to row, by an id in each for example. */
const chaseText = (node: ts.IterationStatement): string | undefined =>
  readsRows(node)
    ? node
        .getText()
        .slice(0, node.statement.getStart() - node.getStart())
        .trim()
    : undefined;

/** What kind of read of many rows a node is; undefined if it is none. */
const readOf = (node: ts.Node): string | undefined => {
  if (ts.isForOfStatement(node) && node.awaitModifier) return loopText(node);
  if (ts.isWhileStatement(node) || ts.isDoStatement(node) || ts.isForStatement(node))
    return chaseText(node);
  if (ts.isYieldExpression(node) && node.asteriskToken) return "yield*";
  if (!ts.isIdentifier(node) || !ts.isPropertyAccessExpression(node.parent)) return undefined;
  return [...ENDLESS, "paginate", "asyncIterator"].find((name) => name === node.text);
};

/** All reads of many rows in a file, each once. */
const readsIn = (file: string, text: string): string[] => {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    const read = readOf(node);
    if (read !== undefined) found.add(`${file}: ${read}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true));
  return [...found];
};

const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !/\.test(-d)?\.ts$/.test(file))
  .map((file) => file.split(path.sep).join("/"));

test("each loop over rows is known by its bound, and nothing reads a table to its end", () => {
  const found = sources.flatMap((file) =>
    readsIn(file, readFileSync(path.join(root, file), "utf8")),
  );
  expect(found.toSorted()).toEqual(Object.keys(BOUNDED).toSorted());
  expect(found.filter((read) => ENDLESS.some((name) => read.endsWith(`: ${name}`)))).toEqual([]);
});

test.each([
  ["collect", 'db.query("toolgateKeys").collect()'],
  ["collect", "keys\n  ?.collect()"],
  ["fromAsync", "Array.fromAsync(keys)"],
  ["for await (const key of keys)", "for await (const key of keys) if (key.hash) break;"],
  ["asyncIterator", "keys[Symbol.asyncIterator]()"],
  ["paginate", "keys.paginate({ cursor: null, numItems: 1e9 })"],
  [
    "while (at.next !== undefined)",
    "while (at.next !== undefined) { const next = await find(db, at.next); at = next; }",
  ],
  ["while (id !== null)", "while (id !== null) id = (await find(ctx, id)).next;"],
  ["for (;;)", "for (;;) if ((await tx.db.get(id)) === null) return;"],
  ["do", "do at = await find(tx, at.next); while (at !== null);"],
  ["yield*", "async function* all() { yield* keys; }"],
])("%s is found", (read, text) => {
  expect(readsIn("a.ts", text)).toEqual([`a.ts: ${read}`]);
});

test("a read of few is none of them", () => {
  expect(
    readsIn(
      "a.ts",
      "keys.take(5); keys.first(); for (const key of list) await end(key); while (wait) await work;",
    ),
  ).toEqual([]);
});
