/** Reading a body: media type, size, encoding and JSON, each refused for what it is. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
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

describe("a slow body", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] }));
  afterEach(() => vi.useRealTimers());

  /** Sends a piece of `bytes` every `everyMs`, for ever unless the body has an end. */
  const trickle = (everyMs: number, bytes: number, pieces = Infinity) => {
    let sent = 0;
    // Nothing may wait for it.
    const cancel = vi.fn(() => new Promise<never>(() => undefined));
    const pull = async (controller: ReadableStreamDefaultController) => {
      if (sent++ === pieces) {
        controller.close();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      if (cancel.mock.calls.length === 0) controller.enqueue(new Uint8Array(bytes).fill(32));
    };
    return { stream: new ReadableStream<Uint8Array>({ pull, cancel }), cancel };
  };

  const ending = async (body: ReadableStream) => {
    const startedAt = Date.now();
    let end: [number, number, number] | undefined;
    const work = readBody(request(body)).then(
      ({ length }) => (end = [200, Date.now() - startedAt, length]),
      (error: unknown) => {
        const status = error instanceof RpcError ? (error.detail.status ?? 0) : 0;
        end = [status, Date.now() - startedAt, 0];
      },
    );
    while (end === undefined && Date.now() - startedAt < 400_000)
      await vi.advanceTimersByTimeAsync(100);
    await work;
    return end;
  };

  test.each<[string, number, number, number, [number, number, number]]>([
    ["that never begins", 1e9, 1, Infinity, [408, 10_100, 0]],
    ["of a byte a second", 1000, 1, Infinity, [408, 20_100, 0]],
    ["that is silent for 11 s", 11_000, 1000, 2, [408, 10_100, 0]],
    ["of 16 KiB a second", 1000, 16 * 1024, 64, [408, 40_100, 0]],
    ["of 48 KiB every 3 s", 3000, 48 * 1024, 20, [408, 38_100, 0]],
  ])("%s: 408", async (_what, everyMs, bytes, pieces, [status, at]) => {
    const { stream, cancel } = trickle(everyMs, bytes, pieces);
    const end = await ending(stream);
    expect(end?.[0]).toBe(status);
    expect(Math.abs(end![1] - at)).toBeLessThanOrEqual(1000);
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  test.each<[string, number, number, number]>([
    ["in two pieces 9 s apart", 9000, 10, 2],
    ["of 40 KiB a second", 1000, 40 * 1024, 25],
    ["of a byte a second, in 19 s", 1000, 1, 19],
  ])("%s is read", async (_what, everyMs, bytes, pieces) => {
    expect(await ending(trickle(everyMs, bytes, pieces).stream)).toEqual([
      ...[200, everyMs * pieces, bytes * pieces],
    ]);
  });

  test("is looked at every 10 s at most while a clock that was set back runs", async () => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    const work = readBody(request(trickle(1e9, 1).stream)).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(1);
    vi.setSystemTime(0);
    timers.mockClear();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(timers.mock.calls.length).toBeLessThanOrEqual(7);
    vi.setSystemTime(4e12);
    await vi.advanceTimersByTimeAsync(20_000);
    await work;
    timers.mockRestore();
  });

  test("leaves no timer behind", async () => {
    await readBody(request("{}"));
    expect(vi.getTimerCount()).toBe(0);
  });
});
