/** The playground: its call, the answer as it comes, and the form's checks. The audit log: its filters, what is new, its export. */
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exportRows, MAX_ROWS } from "../../console/screens/audit/exportRows";
import { argsOf } from "../../console/screens/audit/filterNames";
import { countNewer } from "../../console/screens/audit/newer";
import { readAnswer, type Head, type Part } from "../../console/screens/tools/readAnswer";
import { curlLine, messageOf } from "../../console/screens/tools/request";
import { startValue } from "../../console/screens/tools/startValue";
import { faultsOf, validator } from "../../console/screens/tools/validator";
import type { AuditEntry } from "../../src/operate/auditLog";

const read = async (response: Response) => {
  const heads: Head[] = [];
  const parts: Omit<Part, "ms">[] = [];
  await readAnswer(
    response,
    (head) => heads.push(head),
    (part) => parts.push(part),
  );
  return { heads, parts: parts.map(({ kind, text }) => [kind, text.replace(/\s/g, "")]) };
};

const message = (members: object): string => JSON.stringify({ jsonrpc: "2.0", ...members });

describe("an answer", () => {
  test("as JSON: a result, a tool that failed, an error, and what is no JSON", async () => {
    const result = message({ id: 1, result: { content: [] } });
    expect(await read(Response.json(JSON.parse(result)))).toEqual({
      heads: [{ status: 200, isStream: false }],
      parts: [["result", result]],
    });
    const failed = Response.json({ id: 1, result: { isError: true } });
    expect((await read(failed)).parts[0]?.[0]).toBe("failed");
    const refused = Response.json({ error: { code: -32001 } }, { status: 401 });
    const { heads, parts } = await read(refused);
    expect([heads[0]?.status, parts[0]?.[0]]).toEqual([401, "error"]);
    expect((await read(new Response("<html>"))).parts).toEqual([["error", "<html>"]]);
    expect((await read(new Response(""))).parts).toEqual([["error", "(nobody)"]]);
  });

  test("as a stream, each message when it comes, wherever the bytes break", async () => {
    const told = message({ method: "notifications/progress", params: { message: "half, ½" } });
    const result = message({ id: 1, result: {} });
    const bytes = new TextEncoder().encode(
      `: hello\n\ndata: \n\ndata: ${told}\n\ndata: ${result}\n\n`,
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: bytes.length }), async (step) => {
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            for (let at = 0; at < bytes.length; at += step)
              controller.enqueue(bytes.slice(at, at + step));
            controller.close();
          },
        });
        const headers = { "content-type": "text/event-stream; charset=utf-8" };
        expect(await read(new Response(body, { headers }))).toEqual({
          heads: [{ status: 200, isStream: true }],
          parts: [
            ["told", told.replace(/\s/g, "")],
            ["result", result],
          ],
        });
      }),
      { numRuns: 20 },
    );
  });
});

test("a call for the terminal means the same to a shell, whatever is in it, and has no key", () => {
  const said = `it's "quoted" $HOME \`id\` \\ \n; rm`;
  const call = messageOf("orders_create", { note: said });
  const line = curlLine("http://127.0.0.1:3211/mcp", call);
  expect(line).toContain('"Authorization: Bearer $TOOLGATE_KEY"');
  const shown = line.replace(/^curl -sN/, "printf '%s\\0'");
  const words = execFileSync("sh", ["-c", shown], { env: { TOOLGATE_KEY: "k" } })
    .toString()
    .split("\0");
  expect(JSON.parse(words.at(-2) ?? "")).toEqual(call);
});

const order = {
  type: "object" as const,
  properties: {
    customerId: { type: "string" as const, minLength: 1 },
    lines: {
      type: "array" as const,
      minItems: 1,
      items: {
        type: "object" as const,
        properties: {
          productId: { type: "string" as const },
          quantity: { type: "integer" as const, minimum: 1 },
        },
        required: ["productId", "quantity"],
        additionalProperties: false,
      },
    },
    limit: { type: "integer" as const, default: 20 },
    status: { enum: ["draft", "confirmed"] },
  },
  required: ["customerId", "lines"],
  additionalProperties: false,
};

describe("a form", () => {
  test("begins with what must be there, and no more", () => {
    expect(startValue(order)).toEqual({ lines: [{}] });
    expect(startValue({ ...order, required: ["limit"] })).toEqual({ limit: 20 });
  });

  test("names each fault at its field, in words", () => {
    const data = { lines: [{ quantity: 0 }], status: "x", extra: 1 };
    expect(faultsOf(order, data)).toEqual([
      "customerId is required",
      "lines.0.productId is required",
      "lines.0.quantity is less than 1",
      'status must be one of ["draft","confirmed"]',
      "extra is unknown",
    ]);
    const { errorSchema } = validator.validateFormData(data, order);
    expect(errorSchema).toMatchObject({
      customerId: { __errors: ["is required"] },
      lines: { 0: { productId: { __errors: ["is required"] } } },
    });
    expect(faultsOf(order, { customerId: 1, lines: [] })).toEqual([
      "customerId must be string",
      "lines has too few items (0 < 1)",
    ]);
    expect(faultsOf(order, { customerId: "c", lines: [{ productId: "p", quantity: 2 }] })).toEqual(
      [],
    );
  });
});

describe("the audit log", () => {
  const NOW = Date.parse("2026-11-29T12:00:00Z");

  test("asks for a span that counts back from now, or between two times", () => {
    expect(argsOf({ tool: "orders_create", since: "1h" }, NOW)).toEqual({
      tool: "orders_create",
      since: "2026-11-29T11:00:00.000Z",
    });
    const local = argsOf({ since: "2026-11-01T08:00", until: "2026-11-02T08:00" }, NOW);
    expect([Date.parse(local.since ?? ""), Date.parse(local.until ?? "")]).toEqual([
      new Date("2026-11-01T08:00").getTime(),
      new Date("2026-11-02T08:00").getTime(),
    ]);
    expect(argsOf({ since: "toString", until: "soon" }, NOW)).toEqual({});
  });

  test("counts the rows that came after the list was read", () => {
    const rows = (...ids: string[]) => ids.map((id) => ({ id }));
    expect(countNewer(rows("c", "b", "a"), rows("b", "a"))).toBe(1);
    expect(countNewer(rows("b", "a"), rows("b", "a"))).toBe(0);
    expect(countNewer(rows("z", "y"), rows("b"))).toBe(2);
    expect(countNewer(rows("a"), [])).toBe(1);
  });

  const entry = (id: number) => ({ id: String(id) }) as AuditEntry;
  /** A log of this many rows, whose pages are as long as they are asked for. */
  const log =
    (count: number) =>
    async ({ limit, cursor = "0" }: { limit: number; cursor?: string }) => {
      const from = Number(cursor);
      const to = Math.min(from + limit, count);
      const entries = Array.from({ length: to - from }, (_, at) => entry(from + at));
      return { entries, nextCursor: to < count ? String(to) : null };
    };

  test("is exported whole, or the newest 10,000 rows of it, or until somebody leaves", async () => {
    const whole = await exportRows(log(250), () => true);
    expect(whole).toMatchObject({ rows: 250, hasMore: false });
    expect(
      whole.text
        .trimEnd()
        .split("\n")
        .map((row) => (JSON.parse(row) as AuditEntry).id),
    ).toEqual(Array.from({ length: 250 }, (_, at) => String(at)));
    expect(await exportRows(log(MAX_ROWS + 1), () => true)).toMatchObject({
      rows: MAX_ROWS,
      hasMore: true,
    });
    expect(await exportRows(log(250), (rows) => rows < 200)).toMatchObject({ rows: 200 });
    expect(await exportRows(log(0), () => true)).toEqual({ text: "", rows: 0, hasMore: false });
  });
});
