/** The console's server passes on what the playground calls: with which headers, as a stream, and what it says if nobody answers. */
import { describe, expect, test } from "vitest";
import { consoleApp } from "../../cli/console/app";
import { TOKEN, heard, left, door, run, withToken, json, post } from "./serving";

describe("the playground", () => {
  const message = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });

  test("sends the message with the pasted key, and neither token nor origin of the console", async () => {
    const headers = { ...json, Origin: door.url, "X-Mcp-Key": "pasted", "Mcp-Method": "ping" };
    const reply = await post("/console/mcp", message, { ...headers, Cookie: "a=b" });
    expect([reply.status, JSON.parse(reply.text).jsonrpc]).toEqual([200, "2.0"]);
    const sent = heard.at(-1)!;
    expect(await sent.text()).toBe(message);
    expect(sent.headers.get("authorization")).toBe("Bearer pasted");
    expect(sent.headers.get("mcp-method")).toBe("ping");
    for (const name of ["origin", "cookie", "x-mcp-key", "sec-fetch-site"])
      expect([name, sent.headers.get(name)]).toEqual([name, null]);
  });

  test.each(["ping", "forward"])(
    "gives the page of the answer to %s what it needs, and nothing that acts on its origin",
    async (method) => {
      const reply = await post("/console/mcp", JSON.stringify({ method }));
      expect(reply.headers).toMatchObject({
        ...{ "retry-after": "7", "mcp-session-id": "s1", "www-authenticate": "Bearer" },
        "content-security-policy": expect.stringContaining("default-src 'none'"),
      });
      for (const name of [
        ...["set-cookie", "clear-site-data", "location", "refresh", "access-control-allow-origin"],
        ...["proxy-authenticate", "x-own"],
      ])
        expect([name, reply.headers[name]]).toEqual([name, undefined]);
      expect(reply.headers["keep-alive"]).not.toBe("timeout=999");
    },
  );

  test("streams an answer as it comes, and leaves when the page does", async () => {
    const leaving = new AbortController();
    const reply = await fetch(`${door.url}/console/mcp`, {
      ...{ method: "POST", headers: json, body: JSON.stringify("stream") },
      signal: leaving.signal,
    });
    expect(reply.headers.get("content-type")).toBe("text/event-stream");
    const first = await reply.body!.getReader().read();
    expect(new TextDecoder().decode(first.value)).toBe("data: 1\n\n");
    leaving.abort();
    await left;
  });

  test("refuses a message that is too large", async () => {
    const reply = await post("/console/mcp", `"${"x".repeat(1024 * 1024)}"`);
    expect(reply.status).toBe(413);
  });

  test("says if nobody answers", async () => {
    const about = { deployment: "gone", kind: "dev", mcpUrl: "http://127.0.0.1:1/mcp" } as const;
    const answer = consoleApp({ about, run }, TOKEN);
    const init = { method: "POST", headers: { ...json, Host: "127.0.0.1" }, body: "{}" };
    const reply = await answer(new Request("http://127.0.0.1/console/mcp", init), {
      ...{ ip: "127.0.0.1", userAgent: null },
    });
    expect([reply.status, await reply.text()]).toEqual([
      502,
      expect.stringContaining("No answer from http://127.0.0.1:1"),
    ]);
  });

  test("nothing of it is for another machine", async () => {
    const about = { deployment: "here", kind: "dev", mcpUrl: "http://127.0.0.1:1/mcp" } as const;
    const answer = consoleApp({ about, run }, TOKEN);
    const headers = { ...withToken, Host: "127.0.0.1" };
    for (const path of ["/console", "/console/about", "/console/assets/a.js"]) {
      const asked = new Request(`http://127.0.0.1${path}`, { headers });
      expect((await answer(asked, { ip: "192.0.2.7", userAgent: null })).status).toBe(403);
    }
  });
});
