/** What `registerRoutes` adds to the router of an app, beside the routes that the app has. */
import { httpActionGeneric, httpRouter, type HttpRouter, type RouteSpec } from "convex/server";
import { expect, test } from "vitest";
import { app } from "../../convex/toolgate/tools";
import { registerRoutes } from "../../src/entry/http";
import { connect } from "../../src/entry/connect";

const action = () => httpActionGeneric(() => Promise.resolve(new Response()));
const endpoint = action();
const own = action();

const METHODS = ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"] as const;

const routed = (...before: RouteSpec[]): HttpRouter => {
  const http = httpRouter();
  for (const route of before) http.route(route);
  registerRoutes(http, endpoint, app, connect(app));
  return http;
};

test("each method of each path is routed, and Convex lists all", () => {
  const http = routed();
  const listed = http.getRoutes().map(([path, method]) => `${method} ${path}`);
  const paths = ["/mcp", "/mcp/", "/.well-known/*", "/mcp/*", "/oauth/*"];
  const expected = METHODS.flatMap((method) => paths.map((path) => `${method} ${path}`));
  expect(listed.sort()).toEqual([...expected, "GET /favicon.ico"].sort());

  for (const method of METHODS) {
    for (const path of ["/mcp", "/mcp/"])
      expect(http.lookup(path, method)).toEqual([endpoint, method, path]);
    const others = ["/mcp/x", "/.well-known/x", "/oauth/x"].map((path) =>
      http.lookup(path, method),
    );
    const [found] = others[0] ?? [];
    expect(found).not.toBe(endpoint);
    expect(others.map((one) => [one?.[0] === found, one?.[2]])).toEqual([
      [true, "/mcp/*"],
      [true, "/.well-known/*"],
      [true, "/oauth/*"],
    ]);
  }
  expect(http.lookup("/mcp", "HEAD")).toEqual([endpoint, "GET", "/mcp"]);
  expect(http.lookup("/mcpx", "POST")).toBeNull();
});

test("what the app has routed stays, and it can route more", () => {
  const http = routed(
    { path: "/.well-known/own", method: "GET", handler: own },
    { pathPrefix: "/files/", method: "GET", handler: own },
    { pathPrefix: "/", method: "POST", handler: own },
  );
  http.route({ path: "/later", method: "GET", handler: own });
  http.route({ pathPrefix: "/later/", method: "GET", handler: own });
  for (const path of ["/.well-known/own", "/files/x", "/later", "/later/x"])
    expect(http.lookup(path, "GET")?.[0]).toBe(own);
  expect(http.lookup("/x", "POST")?.[0]).toBe(own);
  expect(http.lookup("/mcp/x", "POST")?.[2]).toBe("/mcp/*");
});

test.each([
  ["/mcp", { path: "/mcp", method: "GET", handler: own }],
  ["/mcp/", { path: "/mcp/", method: "PATCH", handler: own }],
  ["/mcp/*", { pathPrefix: "/mcp/", method: "DELETE", handler: own }],
  ["/.well-known/*", { pathPrefix: "/.well-known/", method: "PUT", handler: own }],
  ["/oauth/*", { pathPrefix: "/oauth/", method: "POST", handler: own }],
] as const)("%s cannot be routed twice", (path, route) => {
  expect(() => routed(route)).toThrow(`http.ts already routes ${path}, `);
  const http = routed();
  expect(() => {
    http.route(route);
  }).toThrow(/already (in use|defined)/);
});

test("a prefix of OAuth that is no path is refused where it is stated", () => {
  expect(() => connect(app, { prefix: "oauth" })).toThrow("connect: prefix begins with a slash");
});
