/** The operator's way into `npm start`: what it runs, and what it refuses. */
import { describe, expect, test, vi } from "vitest";
import { adminRoute } from "../../local/adminRoute";
import { run, type Raw } from "./asked";

describe("the operator's route", () => {
  const tenants = { function: "erp/tenants:list", args: {} };

  test.each([
    ["a query", tenants],
    ["a query, arguments left out", { function: "erp/tenants:list" }],
    ["an action", { function: "toolgate/admin:verifyKey", args: { key: "x" } }],
    ["a mutation", { function: "toolgate/jobs:sweep", args: {} }],
  ])("runs %s", async (_, body) => {
    const { status, body: answer } = await run(body);
    expect(status).toBe(200);
    expect(JSON.parse(answer)).toHaveProperty("value");
  });

  test.each<[string, number, string, unknown, Record<string, string>?, Raw?]>([
    ["a wrong token", 401, "unauthorized", tenants, { Authorization: "Bearer nope" }],
    ["no token", 401, "unauthorized", tenants, { Authorization: "" }],
    [
      "a key in place of the token",
      401,
      "unauthorized",
      tenants,
      { Authorization: "Bearer cvxmcp" },
    ],
    ["another Host", 403, "forbidden", tenants, { Host: "rebound.example" }],
    ["an Origin, its own even", 403, "forbidden", tenants, { Origin: "http://127.0.0.1:3211" }],
    ["an opaque Origin", 403, "forbidden", tenants, { Origin: "null" }],
    ["another path", 404, "not_found", tenants, {}, { path: "/_local/other" }],
    ["GET", 405, "method_not_allowed", "", {}, { method: "GET" }],
    ["no JSON", 400, "malformed", "{"],
    ["no JSON by its Content-Type", 400, "malformed", tenants, { "Content-Type": "text/plain" }],
    ["a list", 400, "malformed", []],
    ["no function", 400, "malformed", { args: {} }],
    ["a function that is no text", 400, "malformed", { function: 1, args: {} }],
    ["arguments that are no object", 400, "malformed", { ...tenants, args: [] }],
    ["another member", 400, "malformed", { ...tenants, identity: {} }],
    ["an unknown function", 400, "unknown_function", { function: "toolgate/admin:nope" }],
    ["an unknown module", 400, "unknown_function", { function: "nope:list" }],
    ["a module without a name", 400, "unknown_function", { function: "" }],
    ["a path out of convex/", 400, "unknown_function", { function: "../src/tables:keys" }],
    ["an export that is no function", 400, "unknown_function", { function: "tools:tools" }],
    ["an HTTP action", 400, "unknown_function", { function: "http:default" }],
    ["a name every object has", 400, "unknown_function", { function: "toolgate/admin:toString" }],
    [
      "wrong arguments",
      400,
      "invalid_arguments",
      { function: "toolgate/admin:getKey", args: { keyId: 1 } },
    ],
    ["unknown arguments", 400, "invalid_arguments", { ...tenants, args: { a: 1 } }],
    [
      "a name every object has as an argument",
      400,
      "invalid_arguments",
      { ...tenants, args: { toString: 1 } },
    ],
    [
      "a wrong value in a record",
      400,
      "invalid_arguments",
      {
        function: "toolgate/admin:createKey",
        args: { tenant: "acme", role: "sales", name: "x", fixed: { orders_list: 1 } },
      },
    ],
    ["no Convex value", 400, "invalid_arguments", { ...tenants, args: { a: { $integer: 1 } } }],
    [
      "a ConvexError",
      400,
      "not_found",
      { function: "toolgate/admin:getKey", args: { keyId: "nope" } },
    ],
  ])("refuses %s", async (_, status, code, body, headers, rest) => {
    const answer = await run(body, headers, rest);
    expect(answer.status).toBe(status);
    const { error } = JSON.parse(answer.body);
    expect(error.code).toBe(code);
    expect(error.message).not.toMatch(/\bat .*:\d+:\d+/);
  });
});

test("a name that Convex does not take is named", async () => {
  for (const name of ["$x", "größe"]) {
    const { error } = JSON.parse(
      (await run({ function: "erp/tenants:list", args: { [name]: 1 } })).body,
    );
    expect(error).toMatchObject({ code: "invalid_arguments" });
    expect(error.message).toContain(name);
  }
});

test("what goes wrong inside a function is for the log", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const route = adminRoute(() => Promise.reject(new Error("the inside")), "t");
  const request = new Request("http://127.0.0.1:3211/_local/run", {
    method: "POST",
    headers: {
      Host: "127.0.0.1:3211",
      Authorization: "Bearer t",
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ function: "toolgate/admin:listKeys" }),
  });
  const elsewhere = { ip: "192.0.2.1", userAgent: null };
  expect((await route(request.clone(), elsewhere)).status).toBe(403);
  const response = await route(request, { ip: "127.0.0.1", userAgent: null });
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({
    error: { code: "internal", message: "The function failed; the server's log says why" },
  });
  expect(log).toHaveBeenCalledOnce();
  log.mockRestore();
});
