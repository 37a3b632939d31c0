/**
 * Calls that are wrong in themselves: told to callers who may make them, before anything runs.
 *
 * @spec MCP 2026-07-28 basic/transports/streamable-http
 * @spec MCP 2026-07-28 extension io.modelcontextprotocol/tasks (SEP-2663)
 */
import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { modernRpc } from "../support/speak";
import { TASKS } from "../support/streamClient";
import { callTool, rows, rpc } from "../support/gate";
import { modern } from "../support/askingApp";
import { contactSchema, lastAudit, newStated } from "../support/statedApp";

process.env.TOOLGATE_LIMIT_SCALE = "100000";

let app: Awaited<ReturnType<typeof newStated>>;

beforeEach(async () => {
  app = await newStated();
});

const call = (
  name: string,
  args: object,
  headers: Record<string, string> = {},
  key = app.keys.ann,
) => modernRpc(app.t, key, "tools/call", { name, arguments: args }, headers);

const param = (name: string, value: string) => ({ [`Mcp-Param-${name}`]: value });

describe("an argument that a header repeats", () => {
  test("is marked in the list", async () => {
    const { json } = await rpc(app.t, app.keys.ann, "tools/list");
    const listed = json.result?.tools as { name: string; inputSchema: { properties: object } }[];
    expect(listed.find(({ name }) => name === "routed")?.inputSchema.properties).toMatchObject({
      region: { type: "string", "x-mcp-header": "Region" },
      level: { type: "integer", "x-mcp-header": "Level" },
      dry: { type: "boolean", "x-mcp-header": "Dry" },
    });
  });

  test.each<[object, Record<string, string>]>([
    [{}, {}],
    [{ region: "us" }, param("Region", "us")],
    [{ region: "us" }, { "mcp-param-region": "us" }],
    [{ region: "Hello" }, param("Region", "=?base64?SGVsbG8=?=")],
    [{ region: "世界" }, param("Region", "=?base64?5LiW55WM?=")],
    [{ region: "SGVsbG8=?=" }, param("Region", "SGVsbG8=?=")],
    [{ level: 42 }, param("Level", "42.0")],
    [{ level: -1 }, param("Level", "-1")],
    [{ dry: true }, param("Dry", "true")],
    [{ region: "us" }, { ...param("Region", "us"), ...param("Other", "x") }],
    [{ region: "us" }, param("Region", "us, us")],
    [{ region: "us, us" }, param("Region", "us, us")],
    [{ region: "us, eu" }, param("Region", "us, eu, us, eu")],
    [{ region: "世界" }, param("Region", "=?base64?5LiW55WM?=, =?base64?5LiW55WM?=")],
    [{ level: 42 }, param("Level", "42, 42")],
  ])("%j with %j is let through", async (args, headers) => {
    const { status, json } = await call("routed", args, headers);
    expect([status, json.result?.structuredContent]).toEqual([200, args]);
  });

  test.each<[object, Record<string, string>, RegExp]>([
    [{ region: "us" }, {}, /^Header Mcp-Param-Region is missing/],
    [{ region: "us" }, param("Region", "eu"), /^Header Mcp-Param-Region does not match/],
    [{ region: "us" }, param("Region", "US"), /does not match/],
    [{ region: "us" }, param("Region", "us, eu"), /^Header Mcp-Param-Region does not match/],
    [{ level: 42 }, param("Level", "42, 42.0"), /does not match/],
    [{ region: "Hello" }, param("Region", "=?base64?SGVsbG8?="), /does not match/],
    [{ region: "Hello" }, param("Region", "=?base64?SGVs!G8=?="), /does not match/],
    [{ region: "é" }, param("Region", "é"), /does not match/],
    [{ level: 42 }, param("Level", "0x2a"), /does not match/],
    [{ level: 42 }, param("Level", "4.2e1"), /does not match/],
    [{ level: 42 }, param("Level", ""), /does not match/],
    [{ dry: false }, param("Dry", "0"), /does not match/],
    [{}, param("Region", "us"), /^Header Mcp-Param-Region repeats an argument that the body lacks/],
  ])("%j with %j is refused", async (args, headers, message) => {
    const { status, json } = await call("routed", args, headers);
    expect([status, json.error?.code, json.id]).toEqual([400, -32020, 1]);
    expect(json.error?.message).toMatch(message);
  });

  test("whatever it holds, its base64 form is let through", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 40 }), async (region) => {
        const base64 = Buffer.from(region).toString("base64");
        const reply = await call("routed", { region }, param("Region", `=?base64?${base64}?=`));
        expect(reply.json.result?.structuredContent).toEqual({ region });
      }),
      { numRuns: 25 },
    );
  });

  test("2025 clients know nothing of it", async () => {
    const { isError, structuredContent } = await callTool(app.t, app.keys.ann, "routed", {
      region: "us",
    });
    expect([isError ?? false, structuredContent]).toEqual([false, { region: "us" }]);
  });

  test("a fault is told to nobody who may not make the call", async () => {
    const stranger = await call("found", { slug: "new" }, {}, app.keys.viewer);
    expect(stranger.json.error?.message).toBe("Unknown tool: found");
    const { ann } = app.keys;
    const nobody = `${ann.slice(0, -1)}${ann.endsWith("x") ? "y" : "x"}`;
    const unknown = await call("found", { slug: "new" }, {}, nobody);
    expect(unknown.status).toBe(401);
    expect(unknown.text).toBe((await call("nonesuch", {}, {}, nobody)).text);
  });

  test("nothing runs, and the audit log says why", async () => {
    const before = await rows(app.t, "tenants");
    await call("found", { slug: "new" }, param("Slug", "old"));
    expect(await rows(app.t, "tenants")).toEqual(before);
    expect(await lastAudit(app.t)).toMatchObject({
      ...{ outcome: "denied", reason: "header_mismatch", tool: "found", subject: "ann" },
    });
  });

  test("a refused call holds no place among the open streams, and starts no job", async () => {
    await call("later", { slug: "new" });
    await call("tasks_only", {});
    expect(await rows(app.t, "toolgateStreamLeases")).toEqual([]);
    expect(await rows(app.t, "toolgateJobs")).toEqual([]);
  });

  test("web pages may send it", async () => {
    const origin = "https://app.example";
    process.env.TOOLGATE_ALLOWED_ORIGINS = origin;
    const { headers } = await app.t.fetch("/mcp", {
      method: "OPTIONS",
      headers: {
        ...{ Origin: origin, "Access-Control-Request-Method": "POST" },
        "Access-Control-Request-Headers": "authorization, mcp-param-region, x-evil, mcp-param-a b",
      },
    });
    const allowed = (headers.get("access-control-allow-headers") ?? "").toLowerCase().split(", ");
    expect(allowed).toContain("mcp-param-region");
    expect(allowed.filter((name) => name.startsWith("x-") || name.includes(" "))).toEqual([]);
    delete process.env.TOOLGATE_ALLOWED_ORIGINS;
  });
});

describe("a tool that only runs as a task", () => {
  test("is refused to a modern client without the extension", async () => {
    const { status, json } = await call("tasks_only", {});
    expect([status, json.error]).toEqual([
      400,
      {
        code: -32021,
        message: "This tool needs a client with the tasks extension",
        data: { requiredCapabilities: { extensions: { [TASKS]: {} } } },
      },
    ]);
    expect((await lastAudit(app.t))?.reason).toBe("task_only");
  });

  test("2025 clients read why in its result", async () => {
    const result = await callTool(app.t, app.keys.ann, "tasks_only");
    expect(result).toMatchObject({ isError: true });
    expect(JSON.stringify(result)).toContain("tasks extension");
  });

  test("runs for a client with it", async () => {
    const params = { name: "tasks_only", arguments: {} };
    const capabilities = { extensions: { [TASKS]: {} } };
    const { json } = await modern(app.t, app.keys.ann, "tools/call", params, capabilities);
    expect(json.result?.resultType).toBe("task");
  });
});

describe("a schema word for word", () => {
  test("is shown as it stands", async () => {
    const { json } = await rpc(app.t, app.keys.ann, "tools/list");
    const listed = json.result?.tools as { name: string; inputSchema: object }[];
    expect(listed.find(({ name }) => name === "contact")?.inputSchema).toEqual(contactSchema);
  });

  test("a bad argument is explained from the function's validators", async () => {
    const result = await callTool(app.t, app.keys.ann, "contact", { phone: 5, fax: "x" });
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result)).toMatch(/invalid_arguments: .*phone: expected string, got 5/);
    expect(JSON.stringify(result)).toContain("fax: no such argument");
  });
});
