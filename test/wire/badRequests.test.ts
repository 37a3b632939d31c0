/**
 * Hundreds of bad requests: each gets the documented status and code, and none leaves anything behind.
 *
 * @spec MCP 2025-11-25 basic/transports
 * @spec MCP 2026-07-28 basic/transports/streamable-http
 * @spec JSON-RPC 2.0 section 5.1
 * @spec RFC 8259 section 4
 * @spec RFC 7493 (I-JSON)
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TableNames } from "../../convex/_generated/dataModel";
import schema from "../../convex/schema";
import { dump, SITE_URL } from "../support/gate";
import { envelopes, unknownModernMethods } from "./bad/envelope";
import { jsonTexts } from "./bad/json";
import { shapes, unknownMethods } from "./bad/jsonrpc";
import { junkKeys, refusedKeys } from "./bad/keys";
import type { BadRequest } from "./bad/row";
import { calls, malformedCalls } from "./bad/tools";
import { forms, hosts, origins } from "./bad/transport";
import { expectClean, good, lapsed, sendBad, t } from "./setup";

const check = async (row: BadRequest) => {
  const reply = await sendBad(row);
  expectClean(reply);
  const { error, result, id } = reply.json;
  const code = result?.isError === true ? "isError" : error?.code;
  expect({ status: reply.status, code, id }).toEqual({
    status: row.status,
    code: row.code,
    id: row.id,
  });
  expect(reply.json).toHaveProperty("jsonrpc", "2.0");
  expect(reply.text).not.toMatch(/\d{20}[a-z]+/i); // An id of convex-test.
  if (error) expect(error.message).toMatch(/\S/);
};

/** The gate's own notes: what a request with a well-formed key may change. */
const NOTES: TableNames[] = ["toolgateAudit", "toolgateBuckets"];

const databaseWithout = async (left: readonly string[]) => {
  const all = Object.entries(await dump(t)).filter(([table]) => !left.includes(table));
  expect(all).toHaveLength(Object.keys(schema.tables).length - left.length);
  return Object.fromEntries(all);
};

let count = 0;

/** A test per row, and one that the database is as it was but for the tables in `except`. */
const group = (name: string, rows: readonly BadRequest[], except: readonly string[] = []) => {
  count += rows.length;
  describe(name, () => {
    let before: Record<string, unknown[]>;
    beforeAll(async () => {
      before = await databaseWithout(except);
      expect(before.customers!.length).toBeGreaterThan(0);
    });
    test.each(rows)("$what", async (row) => {
      await check(row);
    });
    test("leave nothing behind", async () => {
      expect(await databaseWithout(except)).toEqual(before);
    });
  });
};

group("texts that are no JSON", jsonTexts, NOTES);
group("JSON that is no request", shapes, NOTES);
group("envelopes and version headers", envelopes, NOTES);
group("origins", origins);
group("media types, encodings, sizes, Accept", forms, NOTES);
group("junk instead of a key", junkKeys(good.key));
group("malformed tools/call", malformedCalls, NOTES);
group("keys that are refused", refusedKeys(lapsed), NOTES);
group("methods that are not there", unknownMethods, NOTES);
group("methods that 2026-07-28 has not", unknownModernMethods, NOTES);
group("tools, cursors and arguments", calls, NOTES);

describe("on a loopback site", () => {
  beforeAll(() => {
    process.env.CONVEX_SITE_URL = "http://127.0.0.1:3211";
  });
  afterAll(() => {
    process.env.CONVEX_SITE_URL = SITE_URL;
  });
  group("foreign hosts", hosts);
  test.each(["127.0.0.1:3211", "127.0.0.1", "localhost:3211", "LOCALHOST", "[::1]:3211", "[::1]"])(
    "Host %s is fine",
    async (host) => {
      expect((await sendBad({ headers: { host } })).status).toBe(200);
    },
  );
});

test("none of the rows was lost", () => {
  expect(count).toBeGreaterThanOrEqual(880);
});
