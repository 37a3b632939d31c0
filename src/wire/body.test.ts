/** Reading a body: media type, size, encoding and JSON, each refused for what it is. */
import { expect, test } from "vitest";
import { readBody, readJson } from "./body";
import { RpcError } from "./jsonrpc";

const MIB = 1024 * 1024;

const request = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request("https://a.example/mcp", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
    duplex: "half",
  } as RequestInit);

const read = async (one: Request) => readJson(one.headers, await readBody(one));

const refusal = async (one: Request) => {
  const error: unknown = await read(one).catch((thrown: unknown) => thrown);
  if (!(error instanceof RpcError)) throw new Error("was read");
  return [error.detail.status, error.code];
};

test("a JSON body is read, whatever the case of its type and with its charset", async () => {
  expect(await read(request('{"a":[1]}'))).toEqual({ a: [1] });
  const headers = { "content-type": 'Application/JSON; charset="UTF-8"' };
  expect(await read(request("null", headers))).toBeNull();
});

test.each<[string, Request, [number, number]]>([
  ["another type", request("{}", { "content-type": "text/plain" }), [415, 415]],
  [
    "another charset",
    request("{}", { "content-type": "application/json; charset=latin1" }),
    [415, 415],
  ],
  ["a content encoding", request("{}", { "content-encoding": "gzip" }), [415, 415]],
  ["a length over the limit", request("{}", { "content-length": String(MIB + 1) }), [413, 413]],
  ["a body over the limit", request(`"${"a".repeat(MIB)}"`), [413, 413]],
  ["invalid UTF-8", request(new Uint8Array([34, 0xff, 34])), [400, -32700]],
  ["a byte order mark", request("\ufeff{}"), [400, -32700]],
  ["no JSON", request("{"), [400, -32700]],
  ["nothing", request(""), [400, -32700]],
  ["a member that is there twice", request('{"a":1,"a":2}'), [400, -32700]],
])("%s", async (_what, one, expected) => {
  expect(await refusal(one)).toEqual(expected);
});

test("a body that comes in pieces is put together, and one that breaks off is refused", async () => {
  const encoder = new TextEncoder();
  const pieces = (end: (controller: ReadableStreamDefaultController) => void) =>
    new ReadableStream({
      start(controller) {
        for (const piece of ['{"a"', ":", "1}"]) controller.enqueue(encoder.encode(piece));
        end(controller);
      },
    });
  expect(
    await read(
      request(
        pieces((one) => {
          one.close();
        }),
      ),
    ),
  ).toEqual({ a: 1 });
  const broken = pieces((one) => {
    one.error(new Error("gone"));
  });
  expect(await refusal(request(broken))).toEqual([400, -32700]);
});
