/** The console's server: who may ask it, and what it runs. The page itself has tests in a browser. */
import { describe, expect, test } from "vitest";
import { isAllowed } from "../../cli/console/allowed";
import { TOKEN, ran, heard, door, withToken, json, ask, post, call, DATA } from "./serving";

describe("who may ask", () => {
  test.each(DATA)("%s %s needs the token", async (method, path) => {
    const before = [ran.length, heard.length];
    for (const Authorization of [undefined, "", "Bearer wrong", `Basic ${TOKEN}`, TOKEN]) {
      const headers = Authorization === undefined ? {} : { Authorization };
      const reply = await ask(path, { method, headers });
      expect([reply.status, reply.headers["www-authenticate"]]).toEqual([401, "Bearer"]);
      expect(reply.text).toContain('"unauthorized"');
    }
    expect([ran.length, heard.length]).toEqual(before);
  });

  test.each(DATA)("%s %s is for its own page only", async (method, path) => {
    const before = [ran.length, heard.length];
    const foreign = [
      { Host: "rebound.example" },
      { Host: `rebound.example:${new URL(door.url).port}` },
      { Origin: "https://elsewhere.example" },
      { Origin: "null" },
      { Origin: "http://127.0.0.1:1" },
      { Origin: door.url.replace("http:", "https:") },
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
    ];
    for (const headers of foreign) {
      const reply = await ask(path, { method, headers: { ...json, ...headers } });
      expect([JSON.stringify(headers), reply.status]).toEqual([JSON.stringify(headers), 403]);
    }
    expect([ran.length, heard.length]).toEqual(before);
  });

  test("a page of its own origin may", async () => {
    const headers = { ...json, Origin: door.url, "Sec-Fetch-Site": "same-origin" };
    expect((await ask("/console/about", { headers })).status).toBe(200);
  });

  test("the page itself is for everybody on this machine, but not under another name", async () => {
    expect((await ask("/console", { headers: { Host: "rebound.example" } })).status).toBe(403);
    expect((await ask("/console/assets/none.js")).status).toBe(404);
    expect((await ask("/console/elsewhere")).status).toBe(401);
    expect((await ask("/console/assets/..%2f..%2f..%2fpackage.json")).status).toBe(404);
    expect((await ask("/elsewhere")).status).toBe(404);
  });

  test("no answer can be framed, kept or sniffed, and only own scripts run", async () => {
    const { headers } = await ask("/console/about", { headers: withToken });
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w+/=]+'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
  });
});

describe("what it runs", () => {
  test("a function of its list, with its arguments", async () => {
    const reply = await call("admin:listKeys", { limit: 5 });
    expect([reply.status, JSON.parse(reply.text)]).toEqual([
      200,
      { value: { echo: { limit: 5 } } },
    ]);
    expect(ran.at(-1)).toEqual(["admin:listKeys", { limit: 5 }]);
  });

  test("nothing else, whatever its name", async () => {
    const before = ran.length;
    for (const name of [
      ...["admin:insertKey", "admin:replaceKey", "admin:verifyKey", "gate:admit", "jobs:sweep"],
      ...["toolgate/admin:listKeys", "../admin:listKeys", "constructor", "__proto__", ""],
    ]) {
      const reply = await call(name);
      expect([name, reply.status, isAllowed(name)]).toEqual([name, 400, false]);
      expect(reply.text).toContain('"not_allowed"');
    }
    expect(ran.length).toBe(before);
  });

  test.each([
    "",
    "[]",
    "{",
    '{"function":1}',
    '{"function":"admin:listKeys","args":[]}',
    '{"a":1}',
  ])("%j is refused with what to send", async (body) => {
    const reply = await post("/console/run", body);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.text).error.code).toBe("malformed");
  });

  test("a refusal is told, a fault is not", async () => {
    const refused = await call("admin:getKey", { refused: true });
    expect([refused.status, JSON.parse(refused.text).error.code]).toEqual([400, "not_found"]);
    const broken = await call("admin:getKey", { broken: true });
    expect(broken.status).toBe(500);
    expect(broken.text).not.toContain("secret detail");
  });
});
