/** The documents that clients publish of themselves, as they are remembered. */
import { expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { rows } from "../support/gate";
import { after, MINUTE, t } from "./setup";

const url = "https://agents.example.com/client.json";
const document = { name: "Agent", redirectUris: ["https://agents.example.com/callback"] };
const HOUR = 60 * MINUTE;

const { connect } = internal.toolgate;
const look = (of = url) => t.query(connect.document, { url: of });
const keep = (more: object = {}, of = url) =>
  t.mutation(connect.keepDocument, { url: of, document, freshForMs: HOUR, ...more });

test("one that was never fetched is unknown", async () => {
  expect(await look()).toEqual({ isFresh: false, isKnown: false, recentFetches: 0 });
});

test("one is fresh for its time, and still there after it", async () => {
  await keep();
  expect(await look()).toEqual({ document, isFresh: true, isKnown: true, recentFetches: 1 });
  after(HOUR - 1000);
  expect(await look()).toMatchObject({ isFresh: true });
  vi.useRealTimers();
  after(HOUR + 1000);
  expect(await look()).toEqual({ document, isFresh: false, isKnown: true, recentFetches: 0 });
});

test("one that is gone leaves a mark, so that it is not fetched at once again", async () => {
  await keep();
  await keep({ document: undefined });
  expect(await look()).toEqual({ isFresh: true, isKnown: true, recentFetches: 1 });
  expect(await rows(t, "toolgateClientDocuments")).toHaveLength(1);
});

test("failed fetches count among those of the last minute", async () => {
  for (let n = 0; n < 7; n++) await keep({ document: undefined }, `${url}?${String(n)}`);
  expect((await look()).recentFetches).toBe(7);
  after(MINUTE + 1000);
  expect((await look()).recentFetches).toBe(0);
});

test("500 are kept, and the one that was fetched first makes room", async () => {
  await t.run(async (ctx) => {
    for (let n = 0; n < 500; n++)
      await ctx.db.insert("toolgateClientDocuments", {
        ...{ url: `https://a.example/${String(n)}`, document, fetchedAt: n, freshUntil: n },
      });
  });
  await keep();
  const kept = await rows(t, "toolgateClientDocuments");
  expect(kept).toHaveLength(500);
  expect((await look("https://a.example/0")).isKnown).toBe(false);
  expect((await look("https://a.example/1")).isKnown).toBe(true);
  expect((await look()).isKnown).toBe(true);
});
