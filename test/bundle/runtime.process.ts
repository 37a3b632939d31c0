/** The check of the bundle must turn red for code that works in Node and not on Convex. */
import { describe, expect, test } from "vitest";
import { driveNames } from "./drives/drives";
import { appFindings, findings, type Mistake } from "./mistake";

test("the drives of the functions behind the routes pass as the source is", async () => {
  expect(await appFindings()).toEqual({});
});

describe("the drives", () => {
  test("pass as the source is", async () => {
    expect(await findings()).toEqual({});
  });

  const streams = ["stream, 2025-11-25", "stream, 2026-07-28"];
  const leaving = ["leaving, 2025-11-25", "leaving, 2026-07-28"];
  const calls = ["calls, 2025-11-25", "calls, 2026-07-28"];
  const outside = ["no key", "malformed key", "foreign origin", "preflight"];
  const inside = driveNames.filter((name) => !outside.includes(name));
  const badUtf8 = driveNames.filter((name) => name.startsWith("invalid UTF-8"));

  type Case = Mistake & {
    readonly mistake: string;
    readonly drives: readonly string[];
    readonly says: RegExp;
  };

  const held = "base/sleep.ts";
  const onAbort = `signal.addEventListener("abort", wake);`;

  test.each<Case>([
    {
      mistake: "queueMicrotask on the way to a stream",
      ...{ file: held, from: onAbort },
      to: `${onAbort} queueMicrotask(() => signal);`,
      drives: [...streams, ...leaving],
      says: /logged: .*queueMicrotask is not defined/,
    },
    {
      mistake: "Buffer for a digest",
      ...{ file: "auth/pepper.ts", from: "encoder.encode(key)" },
      to: "Buffer.from(key)",
      drives: inside,
      says: /answered 500, not \d+: .*logged: .*Buffer is not defined/,
    },
    {
      mistake: "a listener that another signal is to remove",
      ...{ file: held, from: onAbort },
      to: `signal.addEventListener("abort", wake, { signal: new AbortController().signal });`,
      drives: [...streams, ...leaving],
      says: /logged: .*the option `signal` is ignored/,
    },
    {
      mistake: "a listener that is an object",
      ...{ file: held, from: onAbort },
      to: `signal.addEventListener("abort", { handleEvent: wake });`,
      drives: [...streams, ...leaving],
      says: /logged: .*a listener that is an object fails/,
    },
    {
      mistake: "a wait that does not listen for the client",
      ...{ file: held, from: onAbort },
      to: "",
      drives: leaving,
      says: /^the body did not end in time/,
    },
    {
      mistake: "sending until the stream is cancelled",
      ...{ file: "wire/sse.ts", from: "cancelled || signal.aborted" },
      to: "cancelled",
      drives: leaving,
      says: /^what was sent after the client had left is /,
    },
    {
      mistake: "a stream that only a cancelling client ends",
      ...{ file: "wire/sse.ts", from: "if (!cancelled) controller.close();" },
      to: "if (cancelled) controller.close();",
      drives: [...streams, ...leaving],
      says: /^the body did not end in time/,
    },
    {
      mistake: "a loop that does not see its client leave",
      ...{ file: "mcp/waiting/poll.ts", from: "found !== undefined || signal.aborted ||" },
      to: "found !== undefined ||",
      drives: leaving,
      says: /asked Convex (more than )?\d+ times/,
    },
    {
      mistake: "a stream of texts",
      ...{ file: "wire/sse.ts", from: "controller.enqueue(encoder.encode(text));" },
      to: "controller.enqueue(text as never);",
      drives: [...streams, ...leaving],
      says: /^the stream holds a string, not bytes/,
    },
    {
      mistake: "a keep-alive that comes too late",
      ...{ file: "wire/sse.ts", from: "KEEP_ALIVE_MS = 14_500" },
      to: "KEEP_ALIVE_MS = 30_000",
      drives: ["stream, 2026-07-28", ...leaving],
      says: /^was silent for /,
    },
    {
      mistake: "a stream lease that is not given back",
      ...{
        file: "mcp/dispatcher.ts",
        from: "if (streamLease !== undefined) await releaseStreamLease(exchange);",
      },
      to: "",
      drives: [...streams, ...leaving],
      says: /^its lease at the end is /,
    },
    {
      mistake: "a query that is called as a mutation",
      ...{
        file: "mcp/methods/tools.ts",
        from: `runQuery(exchange, "catalog:list", approval ? { approval: [...approval] } : {})`,
      },
      to: `exchange.runner.mutation("toolgate/catalog:list", {})`,
      drives: calls,
      says: /logged: .*asked Convex for mutation toolgate\/catalog:list/,
    },
    {
      mistake: "a list of what the role may not use",
      ...{ file: "mcp/methods/tools.ts", from: `authorize(rights, { kind: "tool", name }, tool)` },
      to: "true",
      drives: calls,
      says: /^the list is .*periods_close/,
    },
    {
      mistake: "an origin that is not checked",
      ...{
        file: "middleware/originCheck.ts",
        from: "origin !== null && !isAllowed(origin, options)",
      },
      to: "origin === undefined",
      drives: ["foreign origin"],
      says: /^answered 200, not 403/,
    },
    {
      mistake: "a preflight that goes on to the key",
      ...{
        file: "middleware/originCheck.ts",
        from: `request.method === "OPTIONS" ? preflight(request, methods) :`,
      },
      to: "preflight === undefined ? preflight(request, methods) :",
      drives: ["preflight"],
      says: /^answered 401, not 204/,
    },
    {
      mistake: "a decoder that is to throw",
      ...{ file: "wire/body.ts", from: "if (text === undefined) {" },
      to: "if (text === null) {",
      drives: badUtf8,
      says: /^answered 500, not 400|whether the message says it/,
    },
    {
      mistake: "a body that is read as one chunk",
      ...{ file: "wire/body.ts", from: "if (part.value === undefined) return" },
      to: "if (body.chunks.length === 1 || part.value === undefined) return",
      drives: driveNames.filter((name) => /^(a body|invalid)/.test(name)),
      says: /answered 4\d\d, not|whether the message says it/,
    },
    {
      mistake: "a size that only Content-Length tells",
      ...{ file: "wire/body.ts", from: "if (body.size > limit) throw" },
      to: "if (body.size < 0) throw",
      drives: ["a body over 1 MiB without a length"],
      says: /^answered \d+, not 413/,
    },
    {
      mistake: "an Allow that names what is not served",
      ...{ file: "mcp/endpoint.ts", from: `{ Allow: "POST, OPTIONS" }` },
      to: `{ Allow: "GET" }`,
      drives: ["GET", "HEAD", "DELETE"],
      says: /^Allow is GET/,
    },
    {
      mistake: "a header that cannot be sent",
      ...{ file: "wire/responses.ts", from: `"X-Content-Type-Options": "nosniff"` },
      to: `"X-Content-Type-Options": "nosniff", "X-Owner": "M\u00fcller \u2026"`,
      drives: driveNames,
      says: /^the header x-owner cannot be sent/,
    },
    {
      mistake: "a reading of what only browsers tell of a request",
      ...{ file: "mcp/endpoint.ts", from: `await (request.method === "POST"` },
      to: `await (request.mode !== "cors" || request.method === "POST"`,
      drives: inside,
      says: /logged: .*Not implemented: get mode for Request/,
    },
    {
      mistake: "an id that is made while the module is imported",
      ...{ file: "wire/responses.ts", from: "export const logInternalError" },
      to: "export const ID = crypto.randomUUID();\nexport const logInternalError",
      drives: driveNames,
      says: /crypto.randomUUID at module scope/,
    },
  ])("find $mistake", async ({ drives, says, ...mistake }) => {
    const found = await findings(mistake);
    expect(Object.keys(found).sort()).toEqual([...drives].sort());
    for (const line of Object.values(found)) expect(line).toMatch(says);
  });
});
