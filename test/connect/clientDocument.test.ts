/** Documents that other clients publish: what spoils a document, and how long one counts. */
import { describe, expect, test, vi } from "vitest";
import { newAsking, type Known } from "./asking";
import { HOST, ID, CALLBACK, HOUR, good, trustHost, json } from "./documents";

trustHost();

const typed = (body: BodyInit, type = "application/json") =>
  new Response(body, { headers: { "content-type": type } });

const fetchOnce = async (response: () => Response | Promise<Response>, known: Known = {}) => {
  const made = newAsking(known, response);
  const answer = await made.identify(ID, CALLBACK);
  return { ...made, answer, row: made.kept[0] };
};

describe("a good document", () => {
  test("costs a query, a fetch and a mutation, and names the client", async () => {
    const { answer, row, calls, fetching } = await fetchOnce(() => json(good));
    expect(answer).toEqual({
      client: { id: ID, name: "Agent", host: HOST, verified: true },
      redirectUri: CALLBACK,
    });
    const document = { name: "Agent", redirectUris: good.redirect_uris };
    expect(row).toEqual({ url: ID, document, freshForMs: HOUR });
    expect(calls()).toBe(2);
    expect(fetching.mock.calls[0]).toMatchObject([ID, { redirect: "error" }]);
  });

  test("may not send codes where it does not say so", async () => {
    const { identify } = newAsking({}, () => json(good));
    expect(await identify(ID, `${CALLBACK}2`)).toMatchObject({ problem: { kind: "bad_redirect" } });
  });

  test.each([
    [{ client_name: undefined }, HOST],
    [{ client_name: "\u202eA\nB" }, "A B"],
    [{ client_name: "x".repeat(5000) }, `${"x".repeat(60)}…`],
    [{ token_endpoint_auth_method: "none" }, "Agent"],
    // ChatGPT prefers a key and lists both.
    [
      {
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
      },
      "Agent",
    ],
    [{ redirect_uris: ["javascript:x", CALLBACK, 7] }, "Agent"],
  ])("counts with %j", async (change, name) => {
    const { answer } = await fetchOnce(() => json({ ...good, ...change }));
    expect(answer).toMatchObject({ client: { name } });
  });

  test.each([
    ["max-age=7200", 2 * HOUR],
    ["public, max-age=86400", 24 * HOUR],
    ["max-age=0", HOUR],
    ["no-store", HOUR],
    ["max-age=99999999", 7 * 24 * HOUR],
    ["s-maxage=7200", HOUR],
    ["max-age=99999999999999999999", 7 * 24 * HOUR],
  ])("with Cache-Control %j is kept for %d ms", async (value, freshForMs) => {
    const { row } = await fetchOnce(() => json(good, { headers: { "cache-control": value } }));
    expect(row).toMatchObject({ freshForMs });
  });

  test.each([
    "application/json; charset=utf-8",
    "application/oauth-client+json",
    "Application/JSON",
  ])("may be %s", async (type) => {
    const { answer } = await fetchOnce(() => json(good, { headers: { "content-type": type } }));
    expect(answer).toHaveProperty("client");
  });
});

/** A body that begins and then says nothing more. */
const endless = () =>
  new ReadableStream({
    start: (controller) => {
      controller.enqueue(new Uint8Array(10));
    },
  });

const old = { document: { name: "Old", redirectUris: [CALLBACK] } };

const withStatus = (status: number) => () => json(good, { status });

/** What says nothing of the client: an older copy still counts. */
const unclear: [string, () => Response | Promise<Response>][] = [
  ["a network error", () => Promise.reject(new TypeError("fetch failed"))],
  ["a redirect, which fetch reports as an error", () => Promise.reject(new TypeError("redirect"))],
  ["403, as a guard against robots says it", withStatus(403)],
  ["401", withStatus(401)],
  ["429", withStatus(429)],
  ["500", withStatus(500)],
  ["503", withStatus(503)],
  ["201", withStatus(201)],
  ["HTML", () => json("<!doctype html>", { headers: { "content-type": "text/html" } })],
  ["JSON that says it is HTML", () => json(good, { headers: { "content-type": "text/html" } })],
  ["no type", () => new Response(new TextEncoder().encode(JSON.stringify(good)))],
  ["HTML that says it is JSON", () => json("<!doctype html>")],
  ["broken JSON", () => json('{"client_id":')],
  ["two ids", () => json(`{"client_id":"${ID}",${JSON.stringify(good).slice(1)}`)],
  ["no UTF-8", () => typed(new Uint8Array([0xff]))],
  ["nothing", () => json("")],
  ["5 MB", () => json({ ...good, pad: "x".repeat(5_000_000) })],
  ["a byte more than 8 KiB", () => json(JSON.stringify(good).padEnd(8193))],
];

/** What says that the client is not, or no longer, what it claims to be. */
const clear: [string, () => Response][] = [
  ["404", withStatus(404)],
  ["410", withStatus(410)],
  ["another client_id", () => json({ ...good, client_id: "https://claude.ai/oauth/x" })],
  ["a client_id with a slash more", () => json({ ...good, client_id: `${ID}/` })],
  ["no client_id", () => json({ ...good, client_id: undefined })],
  ["a list", () => json([good])],
  ["null", () => json("null")],
  ["no redirect_uris", () => json({ ...good, redirect_uris: undefined })],
  ["no usable redirect_uris", () => json({ ...good, redirect_uris: ["javascript:x"] })],
  ["redirect_uris that is a text", () => json({ ...good, redirect_uris: CALLBACK })],
  ["a secret", () => json({ ...good, token_endpoint_auth_method: "client_secret_basic" })],
  ["a key", () => json({ ...good, token_endpoint_auth_method: "private_key_jwt" })],
  [
    "a list without none",
    () =>
      json({
        ...good,
        token_endpoint_auth_method: "none",
        token_endpoint_auth_methods_supported: ["private_key_jwt"],
      }),
  ],
];

describe("no document", () => {
  test.each([...unclear, ...clear])("%s", async (_what, response) => {
    const { answer, row } = await fetchOnce(response);
    expect(answer).toMatchObject({ problem: { kind: "no_document", host: HOST } });
    expect(row).not.toHaveProperty("document");
  });

  test.each(unclear)("an older copy counts, for a minute: %s", async (_what, response) => {
    const { answer, row } = await fetchOnce(response, old);
    expect(answer).toMatchObject({ client: { name: "Old" } });
    expect(row).toEqual({ url: ID, document: old.document, freshForMs: 60_000 });
  });

  test.each(clear)("an older copy does not count: %s", async (_what, response) => {
    const { answer, row } = await fetchOnce(response, old);
    expect(answer).toMatchObject({ problem: { kind: "no_document" } });
    expect(row).toEqual({ url: ID, freshForMs: HOUR });
  });

  test("8 KiB are taken", async () => {
    const { answer } = await fetchOnce(() => json(JSON.stringify(good).padEnd(8192)));
    expect(answer).toHaveProperty("client");
  });

  test.each([
    ["an answer that never comes", () => new Promise<Response>(() => undefined)],
    ["a body that never ends", () => Promise.resolve(typed(endless()))],
  ])("5 s are enough for %s, and the request is ended", async (_what, response) => {
    vi.useFakeTimers();
    const { identify, fetching } = newAsking({}, response);
    const answer = identify(ID, CALLBACK);
    await vi.advanceTimersByTimeAsync(4999);
    expect(fetching.mock.calls[0]?.[1].signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await answer).toMatchObject({ problem: { kind: "no_document" } });
    expect(fetching.mock.calls[0]?.[1].signal?.aborted).toBe(true);
  });
});

describe("what is known already", () => {
  test.each([
    ["a fresh copy", { ...old, isFresh: true }, "client", 0],
    ["that there was none a moment ago", { isFresh: true }, "no_document", 0],
    ["an old copy, with too many fetches", { ...old, recentFetches: 20 }, "client", 0],
    ["nothing, with too many fetches", { recentFetches: 20 }, "busy", 0],
    ["nothing, with one fetch left", { recentFetches: 19 }, "client", 1],
  ])("%s", async (_what, known, expected, fetches) => {
    const { identify, fetched } = newAsking(known, () => json(good));
    const answer = await identify(ID, CALLBACK);
    expect("problem" in answer ? answer.problem.kind : "client").toBe(expected);
    expect(fetched()).toBe(fetches);
  });

  test("redirect URIs that a new document leaves out are over", async () => {
    const { answer } = await fetchOnce(
      () => json({ ...good, redirect_uris: [`${CALLBACK}2`] }),
      old,
    );
    expect(answer).toMatchObject({ problem: { kind: "bad_redirect" } });
  });
});
