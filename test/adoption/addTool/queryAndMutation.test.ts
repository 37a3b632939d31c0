/** A tool is one internal function and one line: what that gives for a mutation and a query. */
import { describe, expect, test, vi } from "vitest";
import { callTool, listTools, rows, withoutOperation, onlyOperation } from "../../support/gate";
import { key, lastRow, t, tenantId, textOf } from "./setup";

test("the list has their schemas, from their validators", async () => {
  const closed = { type: "object", additionalProperties: false };
  const idempotencyKey = {
    type: "string",
    description: expect.stringMatching(/^8 or more/),
  };
  expect(await listTools(t, key)).toEqual([
    {
      name: "notes_add",
      title: "Notes add",
      description: "Add a note.",
      inputSchema: {
        ...closed,
        properties: {
          tenantId: { type: "string", minLength: 1, description: "id of tenants" },
          series: { type: "string" },
          last: { type: "number" },
          idempotencyKey,
        },
        required: expect.arrayContaining(["tenantId", "series"]),
      },
      outputSchema: {
        ...closed,
        properties: { result: { type: "string", description: "id of counters" } },
        required: ["result"],
      },
      annotations: {
        title: "Notes add",
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: false,
        openWorldHint: false,
      },
    },
    {
      name: "notes_count",
      title: "Count notes",
      description: "How many notes there are.",
      inputSchema: {
        ...closed,
        properties: { unit: { type: "string", enum: ["rows", "dozens"] } },
        required: ["unit"],
      },
      outputSchema: {
        ...closed,
        properties: { result: { type: "number" } },
        required: ["result"],
      },
      annotations: {
        title: "Count notes",
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      },
    },
    {
      name: "mail_send",
      title: "Mail send",
      description: "Send a mail.",
      inputSchema: {
        ...closed,
        properties: { to: { type: "string" }, copies: { type: "number" }, idempotencyKey },
        required: ["to"],
      },
      outputSchema: {
        ...closed,
        properties: {
          receipt: { type: "string" },
          jobId: { type: "string" },
          state: {
            ...{ type: "string", enum: ["working"] },
            description: expect.stringMatching(/^\w.*\.$/),
          },
          next: { type: "string" },
        },
      },
      annotations: {
        title: "Mail send",
        readOnlyHint: false,
        destructiveHint: true,
        idempotentHint: false,
        openWorldHint: false,
      },
    },
  ]);
});

describe("a mutation", () => {
  test("runs, is recorded, and is done once per idempotency key", async () => {
    const args = { tenantId, series: "note", idempotencyKey: "note-12345" };
    const first = await callTool(t, key, "notes_add", args);
    const [row] = await rows(t, "counters");
    expect(first.structuredContent).toEqual({ result: row!._id });
    expect(textOf(first)).toBe(JSON.stringify({ result: row!._id }));
    expect(await lastRow()).toMatchObject({
      tool: "notes_add",
      outcome: "succeeded",
      arguments: JSON.stringify({ tenantId, series: "note" }),
    });
    const second = await callTool(t, key, "notes_add", args);
    expect(withoutOperation(second)).toEqual({ ...first, _meta: { "toolgate/replayed": true } });
    expect(await rows(t, "counters")).toHaveLength(1);
  });

  test("is explained what is wrong with its arguments", async () => {
    const result = await callTool(t, key, "notes_add", { tenantid: tenantId, series: 1 });
    expect(result.isError).toBe(true);
    expect(textOf(result).split("\n").sort()).toEqual([
      expect.stringMatching(/^invalid_arguments: tenantId: missing, expected string$/),
      expect.stringMatching(/^series: expected string, got 1$/),
      expect.stringMatching(/^tenantid: no such argument; did you mean "tenantId"\?/),
    ]);
    expect(await rows(t, "counters")).toEqual([]);
  });

  test("gets no principal from a client that sends one", async () => {
    const principal = { subject: "x", tenant: "globex", role: "admin", keyId: "k" };
    const result = await callTool(t, key, "notes_add", { tenantId, series: "a", principal });
    expect(textOf(result)).toMatch(/^invalid_arguments: principal: no such argument/);
  });

  test("says that an id is not one, and not that the server is at fault", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const result = await callTool(t, key, "notes_add", { tenantId: "nonsense", series: "a" });
    expect(textOf(result)).toMatch(/^invalid_arguments: tenantId: /);
  });
});

test("a query runs and is wrapped as an object", async () => {
  await callTool(t, key, "notes_add", { tenantId, series: "a" });
  expect(await callTool(t, key, "notes_count", { unit: "rows" })).toEqual({
    content: [{ type: "text", text: '{"result":1}' }],
    structuredContent: { result: 1 },
    _meta: onlyOperation,
  });
  expect(await lastRow()).toMatchObject({ tool: "notes_count", outcome: "answered" });
  expect(textOf(await callTool(t, key, "notes_count", { unit: "row" }))).toMatch(
    /^invalid_arguments: unit: expected one of "rows", "dozens", got "row"; did you mean "rows"\?$/,
  );
});
