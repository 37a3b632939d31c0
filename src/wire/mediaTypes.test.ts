/**
 * What the client sends and takes.
 *
 * @spec RFC 9110 section 8.3.1
 * @spec RFC 9110 section 12.5.1
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { accepts, checkAccept, checkAcceptsStream, parseMediaType } from "./mediaTypes";

const headers = (accept?: string) => new Headers(accept === undefined ? {} : { accept });

test.each<[string | undefined, boolean, boolean]>([
  [undefined, true, true],
  ["*/*", true, true],
  ["application/json", true, false],
  ["text/event-stream", false, true],
  ["application/*", true, false],
  ["TEXT/*; q=0.5", false, true],
  ["application/json;q=0, text/event-stream", false, true],
  ["application/json; q=0.0, */*", true, true],
  ["application/json;charset=utf-8", true, false],
  ["text/html", false, false],
  ["", false, false],
  ["application/jsonp", false, false],
])("%s: JSON %s, stream %s", (accept, json, stream) => {
  expect(accepts(headers(accept), "application/json")).toBe(json);
  expect(accepts(headers(accept), "text/event-stream")).toBe(stream);
  const check = () => {
    checkAccept(headers(accept));
  };
  if (json || stream) expect(check).not.toThrow();
  else expect(check).toThrow("Accept must include");
  const needsStream = () => {
    checkAcceptsStream(headers(accept), "subscriptions/listen");
  };
  if (stream) expect(needsStream).not.toThrow();
  else expect(needsStream).toThrow("subscriptions/listen answers with a stream");
});

const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}$/);
const space = fc.stringMatching(/^[ \t]{0,3}$/);
const value = fc.stringMatching(/^[\t -~\x80-\xff]{0,12}$/);
const quote = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;

test("every media type is read as it was written", () => {
  const written = fc.record({
    name: fc.tuple(token, token),
    parameters: fc.array(fc.tuple(token, value, fc.boolean(), space, space), { maxLength: 4 }),
  });
  fc.assert(
    fc.property(written, ({ name, parameters }) => {
      const isToken = (text: string) => /^[!#$%&'*+.^_`|~\w-]+$/.test(text);
      const text = parameters.map(([one, said, isQuoted, before, after]) => {
        const form = isQuoted || !isToken(said) ? quote(said) : said;
        return `${before};${after}${one}=${form}`;
      });
      expect(parseMediaType(name.join("/") + text.join(""))).toEqual({
        name: name.join("/").toLowerCase(),
        parameters: parameters.map(([one, said]) => [one.toLowerCase(), said]),
      });
    }),
  );
});

test("a long text takes no longer than its length", () => {
  for (const piece of ["; ", ';x="\\"', " ", ",", '"', "\\"]) {
    const startedAt = performance.now();
    const text = `application/json${piece.repeat(100_000)}`;
    parseMediaType(text);
    accepts(headers(text), "text/html");
    expect(performance.now() - startedAt).toBeLessThan(1000);
  }
});
