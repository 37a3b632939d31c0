/** 5,000 customers through a socket, as a client sees them come in. Slow because convex-test reads a table to find a row. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServer } from "../../../local/server";
import { sessionOf } from "../../support/session";
import { call, open, progressOf, responseOf } from "../../support/streamClient";

let server: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  server = await startServer({ host: "127.0.0.1", port: 0 });
});

afterAll(() => server.close());

const COUNT = 5_000;

test("an import of 5,000 lines streams its progress and then its report", async () => {
  const { key } = server.keys.find(({ tenant, role }) => tenant === "acme" && role === "admin")!;
  const lines = Array.from({ length: COUNT }, (_, n) =>
    JSON.stringify({ name: `Customer ${n}`, email: `customer-${n}@example.com`, city: "Berlin" }),
  ).join("\n");
  const url = new URL(server.url);
  const before = performance.now();
  const args = { lines, idempotencyKey: "five-thousand" };
  // Any other client is answered after 50 s, which a busy machine may need.
  const headers = await sessionOf(url, key, "claude-code");
  const heard = await open(url, key, "customers_import", args, { progressToken: "p", headers });
  await heard.ended;
  const seconds = (performance.now() - before) / 1000;
  const response = responseOf(heard);
  const counts = progressOf(heard).map(({ progress }) => progress as number);
  const gaps = heard.times.slice(1).map((time, i) => time - heard.times[i]!);
  console.info(
    `import of ${COUNT} lines: ${seconds.toFixed(1)} s, ${counts.length} progress notifications, ` +
      `longest gap ${(Math.max(...gaps) / 1000).toFixed(1)} s`,
  );
  expect(response.result!.structuredContent).toEqual({
    ...{ lines: COUNT, imported: COUNT, existing: 0, failed: 0, errors: [] },
  });
  expect(counts.length).toBeGreaterThan(10);
  expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b));
  expect(progressOf(heard).every(({ total }) => total === COUNT)).toBe(true);
  expect(heard.headers.get("content-type")).toBe("text/event-stream");
  // Whoever left gets the same text later.
  const again = await call(url, key, "customers_import", args);
  expect(again.content).toEqual(response.result!.content);
  const found = await call(url, key, "customers_search", { text: "4999" });
  expect(found.structuredContent!.items).toHaveLength(1);
});
