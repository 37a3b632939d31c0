/**
 * What the client takes.
 *
 * @spec RFC 9110 section 12.5.1
 */
import { expect, test } from "vitest";
import { accepts, checkAccept, checkAcceptsStream } from "./accept";

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
