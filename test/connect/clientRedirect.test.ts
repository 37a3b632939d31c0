/** Where codes may be sent: the attacks on redirect URIs of RFC 9700 section 4.1 and RFC 8252 section 7.3, and what clients really send. */
import { expect, test } from "vitest";
import {
  chooseRedirect,
  CURSOR,
  usableRedirect,
  usableRedirects,
} from "../../src/connect/client/redirect";

const HOSTED = "https://agent.example/cb";
const LOCAL = "http://127.0.0.1:33418/cb";

test.each([
  [HOSTED, HOSTED],
  ["https://agent.example/cb?a=1", "https://agent.example/cb?a=1"],
  ["https://agent.example", "https://agent.example"],
  ["https://agent.example:8443/cb", "https://agent.example:8443/cb"],
  [CURSOR, CURSOR],
  ["any port on loopback", "http://127.0.0.1:1/cb", LOCAL],
  ["no port on loopback", "http://127.0.0.1/cb", LOCAL],
  [
    "a port for one that names none",
    "http://localhost:51234/callback",
    "http://localhost/callback",
  ],
  ["IPv6 loopback", "http://[::1]:7/cb", "http://[::1]/cb"],
])("taken: %s", (...row) => {
  const [wanted = "", named = ""] = row.slice(-2);
  expect(chooseRedirect(wanted, [named])).toBe(wanted);
});

test.each([
  ["another host", "https://evil.example/cb", HOSTED],
  ["a subdomain", "https://a.agent.example/cb", HOSTED],
  ["the host above", "https://example/cb", HOSTED],
  ["the host as a suffix", "https://notagent.example/cb", HOSTED],
  ["the host as a prefix", "https://agent.example.evil.example/cb", HOSTED],
  ["the host as a user", "https://agent.example@evil.example/cb", HOSTED],
  ["the host as a password", "https://x:agent.example@evil.example/cb", HOSTED],
  ["a user", "https://user@agent.example/cb", HOSTED],
  ["a look-alike in Cyrillic", "https://\u0430gent.example/cb", HOSTED],
  ["a look-alike in Punycode", "https://xn--gent-43d.example/cb", HOSTED],
  ["a full-width dot", "https://agent\uff0eexample/cb", HOSTED],
  ["a dot at the end of the host", "https://agent.example./cb", HOSTED],
  ["capitals in the host", "https://AGENT.example/cb", HOSTED],
  ["capitals in the scheme", "HTTPS://agent.example/cb", HOSTED],
  ["http in place of https", "http://agent.example/cb", HOSTED],
  ["the default port", "https://agent.example:443/cb", HOSTED],
  ["another port", "https://agent.example:8443/cb", HOSTED],
  ["another path", "https://agent.example/other", HOSTED],
  ["a longer path", "https://agent.example/cb/more", HOSTED],
  ["a shorter path", "https://agent.example/c", HOSTED],
  ["a slash more", "https://agent.example/cb/", HOSTED],
  ["two slashes", "https://agent.example//cb", HOSTED],
  ["capitals in the path", "https://agent.example/CB", HOSTED],
  ["dot segments", "https://agent.example/cb/../cb", HOSTED],
  ["dot segments to elsewhere", "https://agent.example/cb/../../evil", HOSTED],
  ["a single dot", "https://agent.example/./cb", HOSTED],
  ["dot segments in code", "https://agent.example/x/%2e%2e/cb", HOSTED],
  ["half of it in code", "https://agent.example/x/.%2E/cb", HOSTED],
  ["a letter in code", "https://agent.example/c%62", HOSTED],
  ["a slash in code", "https://agent.example/cb%2f", HOSTED],
  ["a backslash", "https://agent.example\\@evil.example/cb", HOSTED],
  ["a backslash for a slash", "https:\\\\agent.example\\cb", HOSTED],
  ["a query", "https://agent.example/cb?x=1", HOSTED],
  ["an empty query", "https://agent.example/cb?", HOSTED],
  ["another query", "https://agent.example/cb?a=2", "https://agent.example/cb?a=1"],
  ["a fragment", "https://agent.example/cb#x", HOSTED],
  ["an empty fragment", "https://agent.example/cb#", HOSTED],
  ["space at the end", "https://agent.example/cb ", HOSTED],
  ["a line break", "https://agent.example/cb\n", HOSTED],
  ["a tab inside", "https://agent.ex\tample/cb", HOSTED],
  ["a null", "https://agent.example/cb\0", HOSTED],
  ["no scheme", "agent.example/cb", HOSTED],
  ["no scheme but slashes", "//agent.example/cb", HOSTED],
  ["nothing", "", HOSTED],
  ["localhost for 127.0.0.1", "http://localhost:33418/cb", LOCAL],
  ["127.0.0.1 for localhost", "http://127.0.0.1:9/cb", "http://localhost:9/cb"],
  ["::1 for 127.0.0.1", "http://[::1]:33418/cb", LOCAL],
  ["127.0.0.2", "http://127.0.0.2:33418/cb", LOCAL],
  ["127.1", "http://127.1:33418/cb", LOCAL],
  ["127.0.0.1 as a number", "http://2130706433:33418/cb", LOCAL],
  ["127.0.0.1 in hex", "http://0x7f.0.0.1:33418/cb", LOCAL],
  ["0.0.0.0", "http://0.0.0.0:33418/cb", LOCAL],
  ["localhost.evil", "http://localhost.evil:9/cb", "http://localhost:9/cb"],
  ["127.0.0.1.evil", "http://127.0.0.1.evil.example/cb", LOCAL],
  ["evil.localhost", "http://evil.localhost:9/cb", "http://localhost:9/cb"],
  ["a dot at the end of localhost", "http://localhost.:9/cb", "http://localhost:9/cb"],
  ["localhost as a user", "http://localhost@evil.example/cb", "http://localhost/cb"],
  ["loopback by https", "https://127.0.0.1:33418/cb", LOCAL],
  ["another path on loopback", "http://127.0.0.1:33418/other", LOCAL],
  ["a query on loopback", "http://127.0.0.1:33418/cb?x=1", LOCAL],
  ["a user on loopback", "http://me@127.0.0.1:33418/cb", LOCAL],
  ["a fragment on loopback", "http://127.0.0.1:33418/cb#x", LOCAL],
  ["a port too large", "http://127.0.0.1:99999/cb", LOCAL],
  ["another path of Cursor", `${CURSOR}/more`, CURSOR],
  ["a query for Cursor", `${CURSOR}?x=1`, CURSOR],
  ["another authority of Cursor", "cursor://evil/oauth/callback", CURSOR],
])("refused: %s", (_what, wanted, named) => {
  expect(chooseRedirect(wanted, [named])).toBeUndefined();
});

test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "file:///etc/passwd",
  "blob:https://agent.example/x",
  "about:blank",
  "ftp://agent.example/cb",
  "myapp://callback",
  "com.example.app:/oauth",
  "urn:ietf:wg:oauth:2.0:oob",
  "cursor://anysphere.cursor-mcp/oauth/callback/",
  "cursor:anysphere.cursor-mcp/oauth/callback",
  "vscode://vscode.github-authentication/did-authenticate",
  "http://agent.example/cb",
  "http://10.0.0.1/cb",
  "https://user:pass@agent.example/cb",
  "https://agent.example/cb#",
  "https://*.example/cb",
  'https://a"b.example/cb',
  "https://a`id`.example/cb",
  "https://a$(id).example/cb",
  "https://a;b.example/cb",
  "https://a&b.example/cb",
  `https://agent.example/${"x".repeat(1000)}`,
])("nobody may register %s, and naming it in both places does not help", (uri) => {
  expect(usableRedirect(uri)).toBeUndefined();
  expect(chooseRedirect(uri, [uri])).toBeUndefined();
});

test("without a redirect URI the only one counts, and none of several does", () => {
  expect(chooseRedirect(undefined, [HOSTED])).toBe(HOSTED);
  expect(chooseRedirect(undefined, [HOSTED, LOCAL])).toBeUndefined();
  expect(chooseRedirect(undefined, [])).toBeUndefined();
  expect(chooseRedirect(undefined, ["javascript:alert(1)"])).toBeUndefined();
});

test("one unusable URI does not spoil the others, and ten count", () => {
  expect(usableRedirects([HOSTED, "javascript:x", 7, null, {}, LOCAL])).toEqual([HOSTED, LOCAL]);
  const many = Array.from({ length: 30 }, (_, at) => `https://agent.example/${String(at)}`);
  expect(usableRedirects(many)).toEqual(many.slice(0, 10));
});
