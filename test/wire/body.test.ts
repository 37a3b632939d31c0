/**
 * Bodies that come in pieces: read no further than the limit, and put together whole.
 *
 * @spec RFC 9110 section 15.5.14
 */
import { describe, expect, test, vi } from "vitest";
import { bearer, jsonHeaders, send } from "../support/gate";
import { ping } from "./bad/row";
import { expectClean, good, lapsed, t } from "./setup";

describe("bodies that come in pieces", () => {
  const stream = (pieces: (at: number) => Uint8Array | undefined, onCancel?: () => void) => {
    let at = 0;
    return new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const piece = pieces(at++);
        if (piece === undefined) controller.close();
        else controller.enqueue(piece);
      },
      cancel: () => onCancel?.(),
    });
  };
  const sendStream = (body: ReadableStream, key = good.key) =>
    send(t, {
      method: "POST",
      headers: { ...jsonHeaders, ...bearer(key) },
      body,
      duplex: "half",
    } as RequestInit);

  test("40 MiB that claim nothing: 413, and the rest is not read", async () => {
    let read = 0;
    let cancelled = false;
    const body = stream(
      (at) => {
        read = at + 1;
        return at < 640 ? new Uint8Array(64 * 1024).fill(32) : undefined;
      },
      () => {
        cancelled = true;
      },
    );
    const reply = await sendStream(body);
    expectClean(reply);
    expect(reply.status).toBe(413);
    expect(reply.json.error?.code).toBe(413);
    expect(cancelled).toBe(true);
    expect(read).toBeLessThan(25);
  });

  test("a good request byte by byte, and a character split in two", async () => {
    const bytes = new TextEncoder().encode(
      '{"jsonrpc":"2.0","id":"\u{1f600}","method":"ping","params":{}}',
    );
    const reply = await sendStream(
      stream((at) => (at < bytes.length ? bytes.subarray(at, at + 1) : undefined)),
    );
    expect(reply.json).toEqual({ jsonrpc: "2.0", id: "\u{1f600}", result: {} });
  });

  test("exactly 1 MiB in two pieces", async () => {
    const half = new Uint8Array(512 * 1024).fill(32);
    const first = half.slice();
    first.set(new TextEncoder().encode(JSON.stringify(ping)));
    const pieces = [first, half];
    expect((await sendStream(stream((at) => pieces[at]))).status).toBe(200);
  });

  test("one that never arrives: 408, whoever sends it", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
    const nobody = Object.values(lapsed)[4]!;
    const replies = [good.key, nobody].map((key) => sendStream(new ReadableStream(), key));
    while (vi.getTimerCount() < 2) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(11_000);
    vi.useRealTimers();
    for (const reply of await Promise.all(replies)) {
      expectClean(reply);
      expect([reply.status, reply.json.error?.code]).toEqual([408, 408]);
    }
  });

  test("one that breaks off is no fault of the server", async () => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.error(new Error("connection reset"));
      },
    });
    const reply = await sendStream(broken);
    logged.mockRestore();
    expect(reply.status).toBe(400);
  });
});
