/** How the console reaches a deployment: by Convex's own client, against a server that answers as Convex does. */
import { createRequire } from "node:module";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isProduction } from "../../cli/console/deployKey";
import { runsOn } from "../../cli/console/deployment";
import { listen, type Door } from "../../cli/serve/listen";

interface Heard {
  readonly path: string;
  readonly authorization: string | null;
  readonly body: unknown;
}

const heard: Heard[] = [];
let answer: () => Response;
let convex: Door;

beforeAll(async () => {
  convex = await listen({ host: "127.0.0.1", port: 0 }, async (request) => {
    const authorization = request.headers.get("authorization");
    heard.push({ path: new URL(request.url).pathname, authorization, body: await request.json() });
    return answer();
  });
});
beforeEach(() => {
  heard.length = 0;
});
afterAll(() => convex.close());

const KEY = "dev:happy-otter-123|secret";
const run = (name: string, args: object = {}) => runsOn({ url: convex.url, key: KEY })(name, args);

const UDF_FAILED = 560;

describe("a call", () => {
  test("is sent as Convex's own program sends it, with the key", async () => {
    answer = () => Response.json({ status: "success", value: { keys: [], nextCursor: null } });
    expect(await run("toolgate/admin:listKeys", { limit: 5 })).toEqual({
      ...{ keys: [], nextCursor: null },
    });
    expect(heard).toEqual([
      {
        ...{ path: "/api/function", authorization: `Convex ${KEY}` },
        body: {
          ...{ path: "toolgate/admin:listKeys", format: "convex_encoded_json" },
          args: { limit: 5 },
        },
      },
    ]);
  });

  test("a ConvexError is a refusal with its code", async () => {
    const errorData = { code: "not_found", message: "keyId: there is no key" };
    const failed = { status: "error", errorMessage: "Uncaught ConvexError", errorData };
    answer = () => Response.json(failed, { status: UDF_FAILED });
    await expect(run("toolgate/admin:getKey")).rejects.toMatchObject({
      ...{ name: "Refusal", code: "not_found", message: "keyId: there is no key" },
    });
  });

  test("what Convex says of the key, or of a missing function, is told", async () => {
    answer = () => new Response("The provided deploy key may not run this", { status: 403 });
    await expect(run("toolgate/admin:getKey")).rejects.toMatchObject({
      ...{ name: "Refusal", code: "failed", message: "The provided deploy key may not run this" },
    });
  });

  test("nobody there is told with the address, and without the key", async () => {
    const gone = runsOn({ url: "http://127.0.0.1:1", key: KEY })("toolgate/admin:getKey", {});
    await expect(gone).rejects.toMatchObject({
      ...{ name: "Refusal", code: "unreachable", message: "No answer from http://127.0.0.1:1" },
    });
  });
});

test("only keys that say so are not of production", () => {
  const kinds = ["prod:a|b", "happy-otter-123|old", "project:a|b", "dev:a|b", "preview:a|b"];
  expect(kinds.map(isProduction)).toEqual([true, true, true, false, false]);
});

test("the oldest convex has the same way in, though its types do not promise it", async () => {
  const oldest = createRequire(new URL("../adoption/oldest/package.json", import.meta.url));
  const { ConvexHttpClient } = oldest("convex/browser");
  const client = new ConvexHttpClient(convex.url, { skipConvexDeploymentUrlCheck: true });
  client.setAdminAuth(KEY);
  answer = () => Response.json({ status: "success", value: 1 });
  expect(await client.function("toolgate/admin:describeApp", undefined, {})).toBe(1);
  expect(heard[0]).toMatchObject({ path: "/api/function", authorization: `Convex ${KEY}` });
});
