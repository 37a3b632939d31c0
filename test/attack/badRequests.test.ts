/**
 * A table of more than 1,200 bad requests, made by combining what can be wrong with what can be asked.
 *
 * Each is answered below 500, by the schema of its revision, in words that say what is wrong and tell nothing of the inside. Whoever is
 * nobody gets one answer to all of them.
 */
import { createHash } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import schema from "../../convex/schema";
import { issueKey, newServer, rpc, send, type Reply } from "../support/gate";
import { withChecksum } from "../wire/bad/keys";
import { bodies } from "./table/bodies";
import { envelopes } from "./table/envelopes";
import { http } from "./table/http";
import { methods } from "./table/methods";
import { initOf, type Row } from "./table/row";
import { toolCalls, type Tool } from "./table/tools";

process.env.TOOLGATE_LIMIT_SCALE = "1000000";
process.env.TOOLGATE_ALLOWED_ORIGINS = "https://app.example.com";

const t = await newServer();
const { key } = await issueKey(t);
const listed = await rpc(t, key, "tools/list");

const table = {
  ...{ ...http, ...bodies, ...envelopes, ...methods },
  ...toolCalls(listed.json.result?.tools as Tool[]),
};
const CHUNK = 100;

/** The kinds, in parts that take a second or two each. */
const kinds = Object.entries<readonly Row[]>(table).flatMap(([kind, rows]) =>
  Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, i) => {
    const part = rows.slice(i * CHUNK, (i + 1) * CHUNK);
    return [i === 0 ? kind : `${kind}, part ${i + 1}`, part] as const;
  }),
);

const INVENTED = withChecksum(`cvxmcp_live_000000000001_${"A".repeat(43)}`);

const TABLES = Object.keys(schema.tables).filter((name) => name.startsWith("toolgate"));

/** Frames, files, tables, ids of rows and keys. */
const INSIDE = new RegExp(
  [
    ...[
      String.raw`\bat .+:\d+:\d+`,
      String.raw`\.[tj]s\b`,
      "node_modules",
      "file:/+(home|tmp|work)",
    ],
    ...[String.raw`\d{20}[a-z]+`, "cvxmcp_", "HMAC", "[Pp]epper", ...TABLES],
  ].join("|"),
);

/** What of an answer is not as it must be; undefined if all is. */
const flawOf = (row: Row, reply: Reply): string | undefined => {
  const { status, text } = reply;
  const json = reply.json as Reply["json"] | undefined;
  if (status >= 500) return `${status}: ${text}`;
  if (INSIDE.test(text)) return `tells of the inside: ${text}`;
  if (row.method === "HEAD") return status >= 400 ? undefined : `passes: ${status}`;
  if (status === 202) return row.mayPass ? undefined : "is accepted";
  if (json === undefined) return `no JSON: ${text}`;
  const [first = json] = Array.isArray(json) ? (json as Reply["json"][]) : [json];
  const { result, error } = first;
  const content = result?.content as { text: string }[] | undefined;
  const message = error?.message ?? (result?.isError === true ? content?.[0]?.text : undefined);
  if (message === undefined) return row.mayPass ? undefined : `passes: ${text}`;
  if (!/\w{3}.*\w{3}/s.test(message)) return `says nothing: ${text}`;
  return row.names === undefined || message.includes(row.names)
    ? undefined
    : `does not name ${row.names}: ${message}`;
};

/** convex-test reads every row of a table for each index, so notes of the rows before would slow down the rows after. */
const forget = () =>
  t.run(async (ctx) => {
    for (const { _id } of await ctx.db.query("toolgateAudit").collect()) await ctx.db.delete(_id);
  });

const errors = vi.spyOn(console, "error");

afterEach(async () => {
  errors.mockClear();
  await forget();
});

let refused = 0;

describe.each(kinds)("%s", (_kind, rows) => {
  test("are refused with words that say why", async () => {
    const flaws: string[] = [];
    for (const row of rows) {
      const reply = await send(t, initOf(row, key), row.path);
      if (row.mayPass !== true) refused++;
      const flaw = flawOf(row, reply);
      if (flaw !== undefined) flaws.push(`${row.what}: ${flaw.slice(0, 300)}`);
    }
    expect(flaws).toEqual([]);
    expect(errors.mock.calls).toEqual([]);
  });

  test("are not told to nobody", async () => {
    const seldom = rows.filter((row, i) => i % 16 === 0 && row.keyless !== true);
    const told = new Set<string>();
    for (const row of seldom.filter(({ method }) => method !== "HEAD")) {
      for (const nobody of [undefined, "junk", INVENTED]) {
        const { status, text, headers } = await send(t, initOf(row, nobody), row.path);
        const shown = [...headers].filter(([name]) => name !== "date");
        told.add(JSON.stringify([nobody, status, text, shown]));
      }
    }
    expect([...told].filter((one) => !one.includes(",401,"))).toEqual([]);
    // One answer without a key, one to junk, one to a key that was invented.
    expect(told.size).toBeLessThanOrEqual(3);
  });
});

const digestOf = (row: Row): string => {
  const { body, ...rest } = initOf(row, "");
  const bytes = (body ?? new Uint8Array()) as Uint8Array;
  return createHash("sha256")
    .update(JSON.stringify([rest, row.path]))
    .update(bytes)
    .digest("hex");
};

test("the table has 1,500 different requests, of which 1,200 must be refused", () => {
  const all = new Set(kinds.flatMap(([, rows]) => rows.map(digestOf)));
  expect(all.size).toBeGreaterThanOrEqual(1_500);
  expect(refused).toBeGreaterThanOrEqual(1_200);
});
