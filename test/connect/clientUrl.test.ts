/** Documents that other clients publish: which URLs are never fetched, and whose. */
import { describe, expect, test, vi } from "vitest";
import { newAsking } from "./asking";
import { HOST, ID, CALLBACK, good, trustHost, json } from "./documents";

trustHost();

/** Far from the public web in some way, each in a way of its own. */
const forbidden = `
http://agent.example/c
ftp://agent.example/c
file:///etc/passwd
data:application/json,{}
javascript:alert(1)
gopher://agent.example/c
//agent.example/c
agent.example/c
https:agent.example/c
https:/agent.example/c
https:\\\\agent.example\\c
HTTPS://agent.example/c
https://AGENT.example/c
https://agent.example
https://agent.example/
https://agent.example:443/c
https://agent.example:8443/c
https://agent.example:80/c
https://agent.example:22/c
https://user@agent.example/c
https://user:pass@agent.example/c
https://agent.example@127.0.0.1/c
https://agent.example/c?x=1
https://agent.example/c?
https://agent.example/c#x
https://agent.example/c#
https://agent.example/a/../c
https://agent.example/./c
https://agent.example/..
https://agent.example/a/%2e%2e/c
https://agent.example/a/%2E%2e/c
https://agent.example/a\\c
https://agent.example/a@b
https://agent.example./c
https://agent..example/c
https://-agent.example/c
https://agent-.example/c
https://agent_x.example/c
https://\u0430gent.example/c
https://agent\uff0eexample/c
https://agent.example/\u00fc
https://127.0.0.1/c
https://127.0.0.2/c
https://127.1/c
https://0/c
https://0.0.0.0/c
https://2130706433/c
https://0x7f000001/c
https://0x7f.0.0.1/c
https://0177.0.0.1/c
https://017700000001/c
https://10.0.0.1/c
https://172.16.0.1/c
https://192.168.1.1/c
https://100.64.0.1/c
https://169.254.169.254/latest/meta-data
https://169.254.170.2/v2/credentials
https://168.63.129.16/c
https://8.8.8.8/c
https://255.255.255.255/c
https://224.0.0.1/c
https://[::1]/c
https://[::]/c
https://[::ffff:127.0.0.1]/c
https://[::ffff:7f00:1]/c
https://[fe80::1]/c
https://[fc00::1]/c
https://[fd00:ec2::254]/c
https://[2001:4860:4860::8888]/c
https://[64:ff9b::7f00:1]/c
https://localhost/c
https://localhost./c
https://localhost.localdomain/c
https://a.localhost/c
https://intranet/c
https://router/c
https://printer.local/c
https://db.internal/c
https://metadata.google.internal/computeMetadata/v1
https://nas.lan/c
https://router.home.arpa/c
https://server.corp/c
https://x.home/c
https://x.private/c
https://x.test/c
https://x.invalid/c
https://1.0.0.127.in-addr.arpa/c
https://abc.onion/c
https://agent.123/c
https://happy-otter-123.convex.site/c
https://agent.example/${"x".repeat(600)}
`
  .trim()
  .split("\n");

describe("never fetched, even where everybody may come", () => {
  test("there are more than 80 of them", () => {
    expect(new Set(forbidden).size).toBeGreaterThan(80);
  });

  test.each(forbidden)("%s", async (clientId) => {
    vi.stubEnv("TOOLGATE_OAUTH_CLIENTS", `*,${clientId}`);
    const { identify, calls, fetched } = newAsking({}, () =>
      json({ ...good, client_id: clientId }),
    );
    expect(await identify(clientId, CALLBACK)).toMatchObject({
      problem: { kind: "unknown_client" },
    });
    expect([calls(), fetched()]).toEqual([0, 0]);
  });
});

test.each([
  ["https://other.example/client.json", "other.example"],
  ["https://a.agent.example/client.json", "a.agent.example"],
  ["https://agent.example.evil.example/client.json", "agent.example.evil.example"],
  ["https://127.0.0.1.nip.io/client.json", "127.0.0.1.nip.io"],
])("of a host that is not trusted nothing is fetched: %s", async (clientId, host) => {
  const { identify, calls, fetched } = newAsking({}, () => json(good));
  expect(await identify(clientId, CALLBACK)).toMatchObject({
    problem: { kind: "untrusted", host },
  });
  expect([calls(), fetched()]).toEqual([0, 0]);
});

test("the client that ChatGPT makes for one connector is fetched, as its host is trusted", async () => {
  vi.stubEnv("TOOLGATE_OAUTH_CLIENTS", "");
  const id = "https://chatgpt.com/oauth/one/client.json";
  const callback = "https://chatgpt.com/connector/oauth/one";
  const document = { client_id: id, client_name: "ChatGPT", redirect_uris: [callback] };
  const { identify, fetched } = newAsking({}, () => json(document));
  expect(await identify(id, callback)).toMatchObject({ client: { verified: true } });
  expect(fetched()).toBe(1);
});

test.each([
  [HOST, "in"],
  [ID, "in"],
  ["*", "in"],
  [`https://${HOST}/other.json`, "out"],
  [`https://${HOST}/`, "out"],
  ["", "out"],
])("TOOLGATE_OAUTH_CLIENTS=%j: %s", async (value, expected) => {
  vi.stubEnv("TOOLGATE_OAUTH_CLIENTS", value);
  const { identify } = newAsking({}, () => json(good));
  expect("client" in (await identify(ID, CALLBACK)) ? "in" : "out").toBe(expected);
});
