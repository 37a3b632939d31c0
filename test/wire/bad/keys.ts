/** Keys that are none, and good keys in the wrong place. */
import { crc32 } from "node:zlib";
import type { BadRequest } from "./row";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Ends `body` with the checksum it should have. Written anew here, to check the one in src. */
export const withChecksum = (body: string): string => {
  let digits = "";
  for (let rest = crc32(body), i = 0; i < 6; i++) {
    digits = DIGITS.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return body + digits;
};

const unauthorized = { status: 401, code: 401 } as const;

const authorization = (what: string, value: string | null): BadRequest => ({
  what,
  headers: { authorization: value },
  ...unauthorized,
});

const flip = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);

/** None of them looks like a key, so none costs a call. `good` is a key that works. */
export const junkKeys = (good: string): BadRequest[] => [
  authorization("no Authorization", null),
  authorization("an empty one", ""),
  authorization("Bearer alone", "Bearer"),
  authorization("Bearer and blanks", "Bearer   "),
  authorization("the key alone", good),
  authorization("Basic", `Basic ${btoa(`key:${good}`)}`),
  authorization("Basic with the key as it is", `Basic ${good}`),
  authorization("Token", `Token ${good}`),
  authorization("ApiKey", `ApiKey ${good}`),
  authorization("Digest", `Digest username="${good}"`),
  authorization("Bearer:", `Bearer: ${good}`),
  authorization("Bearer=", `Bearer=${good}`),
  authorization("Bearer without a blank", `Bearer${good}`),
  authorization("Bearer and a tab", `Bearer\t${good}`),
  authorization("Bearer twice", `Bearer Bearer ${good}`),
  authorization("a word after the key", `Bearer ${good} x`),
  authorization("a parameter after the key", `Bearer ${good};x=1`),
  authorization("a comma after the key", `Bearer ${good},`),
  authorization("the key twice", `Bearer ${good}, Bearer ${good}`),
  authorization("two keys, no blank", `Bearer ${good},${good}`),
  authorization("another scheme first", `Basic x, Bearer ${good}`),
  authorization("the key in quotes", `Bearer "${good}"`),
  authorization("the key in angle brackets", `Bearer <${good}>`),
  authorization("the key in base64", `Bearer ${btoa(good)}`),
  authorization("the key in upper case", `Bearer ${good.toUpperCase()}`),
  authorization("a character too few", `Bearer ${good.slice(0, -1)}`),
  authorization("a character too many", `Bearer ${good}A`),
  authorization("its id alone", `Bearer ${good.split("_")[2] ?? ""}`),
  authorization("a wrong checksum", `Bearer ${flip(good, good.length - 1)}`),
  authorization("a wrong character in its secret", `Bearer ${flip(good, 40)}`),
  authorization("a wrong character in its id", `Bearer ${flip(good, 14)}`),
  authorization("the other environment", `Bearer ${good.replace("_live_", "_test_")}`),
  authorization("no environment", `Bearer ${good.replace("_live_", "_prod_")}`),
  authorization(
    "no environment, with a checksum",
    `Bearer ${withChecksum(`cvxmcp_prod_000000000001_${"A".repeat(43)}`)}`,
  ),
  authorization(
    "another prefix, with a checksum",
    `Bearer ${withChecksum(`convex_live_000000000001_${"A".repeat(43)}`)}`,
  ),
  authorization(
    "a long id, with a checksum",
    `Bearer ${withChecksum(`cvxmcp_live_0000000000012_${"A".repeat(43)}`)}`,
  ),
  authorization(
    "a short secret, with a checksum",
    `Bearer ${withChecksum(`cvxmcp_live_000000000001_${"A".repeat(42)}`)}`,
  ),
  authorization(
    "a character that is no base62, with a checksum",
    `Bearer ${withChecksum(`cvxmcp_live_000000000001_${"A".repeat(42)}-`)}`,
  ),
  authorization("another prefix", `Bearer sk_live_${"a".repeat(60)}`),
  authorization("a GitHub token", `Bearer ghp_${"a".repeat(36)}`),
  authorization("a JWT", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9."),
  authorization("letters beyond ASCII", "Bearer cvxmcp_live_\u00e9\u00e8\u00ea"),
  authorization("a homograph", `Bearer ${good.replace("c", "\u00e7")}`),
  authorization("a NUL escaped", `Bearer ${good}%00`),
  authorization("SQL", "Bearer ' OR 1=1 --"),
  authorization("null", "Bearer null"),
  authorization("undefined", "Bearer undefined"),
  authorization("100 KB", `Bearer ${"A".repeat(100_000)}`),
  {
    what: "the key in the query string",
    headers: { authorization: null },
    path: `/mcp?key=${good}&access_token=${good}`,
    ...unauthorized,
  },
  {
    what: "the key in a cookie",
    headers: { authorization: null, cookie: `key=${good}; authorization=Bearer ${good}` },
    ...unauthorized,
  },
  {
    what: "the key in other headers",
    headers: {
      authorization: null,
      "x-api-key": good,
      "api-key": good,
      "proxy-authorization": `Bearer ${good}`,
      "x-authorization": `Bearer ${good}`,
    },
    ...unauthorized,
  },
  {
    what: "no key and no JSON: who nobody is learns nothing else",
    headers: { authorization: null, "content-type": "text/plain" },
    body: "{",
    ...unauthorized,
  },
];

/** Well-formed keys that do not open the door. Each costs one call, and all get the same answer. */
export const refusedKeys = (keys: Readonly<Record<string, string>>): BadRequest[] =>
  Object.entries(keys).map(([what, key]) => authorization(what, `Bearer ${key}`));
