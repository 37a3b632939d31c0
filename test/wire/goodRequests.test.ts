/**
 * Requests at the edge of what is allowed are answered.
 *
 * @spec RFC 8259 section 9
 * @spec JSON-RPC 2.0 section 4
 */
import { describe, expect, test } from "vitest";
import { goodAccepts, goodContentTypes } from "./bad/transport";
import { good, sendBad } from "./setup";

describe("good ones among them", () => {
  test.each(goodContentTypes)("Content-Type %s", async (type) => {
    expect((await sendBad({ headers: { "content-type": type } })).status).toBe(200);
  });

  test.each(goodAccepts)("Accept %s", async (accept) => {
    expect((await sendBad({ headers: { accept } })).status).toBe(200);
  });

  test("no Accept", async () => {
    expect((await sendBad({ headers: { accept: null } })).status).toBe(200);
  });

  test.each(["Bearer", "bearer", "BEARER", "Bearer  "])("%s as the scheme", async (scheme) => {
    const headers = { authorization: `${scheme} ${good.key}` };
    expect((await sendBad({ headers })).status).toBe(200);
  });

  test("Content-Encoding identity", async () => {
    expect((await sendBad({ headers: { "content-encoding": "Identity" } })).status).toBe(200);
  });

  test("exactly 1 MiB, and nested 64 deep", async () => {
    const nested = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${"[".repeat(62)}${"]".repeat(62)}}}`;
    expect((await sendBad({ body: nested.padEnd(1024 * 1024) })).status).toBe(200);
  });

  test("no Origin", async () => {
    expect((await sendBad({ headers: { origin: null } })).status).toBe(200);
  });
});
