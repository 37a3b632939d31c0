/** Connections of the local server: what streams through one, when it ends one, and that it says so. */
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listen, type Door } from "../../cli/serve/listen";
import { readBody } from "../../src/wire/body";
import { reject } from "../../src/wire/responses";
import { eventStream } from "../../src/wire/sse";

let door: Door;
/** The paths of the requests that came through. */
const seen: string[] = [];

/** Refuses what is too large, as /mcp does: by its Content-Length, or once too many bytes have come. `/refuse` reads nothing. */
const answer = async (request: Request): Promise<Response> => {
  const { pathname } = new URL(request.url);
  seen.push(pathname);
  if (pathname === "/refuse") return reject(403, "no");
  try {
    const bytes = await readBody(request);
    return new Response(`read ${bytes.length}`);
  } catch {
    return reject(413, "too large");
  }
};

beforeAll(async () => {
  door = await listen({ host: "127.0.0.1", port: 0 }, answer);
});

afterAll(() => door.close());

interface Heard {
  readonly text: string;
  /** How the socket ended: by the other side, or by an error. */
  readonly end: string;
}

/** Sends all of `parts`, each after what came before has been sent, and hears until the server ends the connection. */
const speak = (parts: readonly (string | Buffer)[], until?: RegExp) =>
  new Promise<Heard>((resolve) => {
    const { hostname, port } = new URL(door.url);
    let text = "";
    let end = "closed";
    let isSent = false;
    let isAnswered = false;
    const leave = () => {
      if (isSent && isAnswered) socket.end();
    };
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }, () => {
      const next = (at: number) => {
        const part = parts[at];
        isSent = part === undefined;
        // So that the parts do not come at once.
        if (part !== undefined) socket.write(part, () => setTimeout(next, 5, at + 1));
        leave();
      };
      next(0);
    });
    const answered = () => {
      isAnswered = true;
      leave();
    };
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (until?.test(text) === true) answered();
    });
    socket.on("error", ({ message }) => (end = message));
    socket.on("end", answered);
    socket.on("close", () => {
      resolve({ text, end });
    });
  });

const head = (path: string, ...headers: string[]) =>
  [`POST ${path} HTTP/1.1`, `Host: ${new URL(door.url).host}`, ...headers, "", ""].join("\r\n");

const MIB = 1024 * 1024;
const piece = Buffer.alloc(256 * 1024, "x");
const pieces = Array<Buffer>(12).fill(piece);
const chunks = pieces.flatMap((one) => [`${one.length.toString(16)}\r\n`, one, "\r\n"]);

describe("an answer before the whole body", () => {
  test.each<[string, number, string, (string | Buffer)[]]>([
    ["said to be too large", 413, "/mcp", [`Content-Length: ${3 * MIB}`, ...pieces]],
    ["that grows too large", 413, "/mcp", ["Transfer-Encoding: chunked", ...chunks, "0\r\n\r\n"]],
    ["that is not read", 403, "/refuse", [`Content-Length: ${3 * MIB}`, ...pieces]],
    ["that never comes", 403, "/refuse", ["Content-Length: 5"]],
  ])("%s is the last, says so, and arrives", async (_, status, path, [framing, ...body]) => {
    const { text, end } = await speak([head(path, String(framing)), ...body]);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(text).toMatch(/\r\nconnection: close\r\n/i);
    expect(text).not.toMatch(/keep-alive/i);
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(end).toBe("closed");
  });

  test("lets no request follow", async () => {
    seen.length = 0;
    const late = head("/late", "Content-Length: 0");
    await speak([head("/refuse", "Content-Length: 70000"), piece.subarray(0, 70_000), late]);
    expect(seen).toEqual(["/refuse"]);
  });

  test("is cut if the client goes on and on", async () => {
    const startedAt = performance.now();
    const endless = Array<string>(2_000).fill("x");
    const { text } = await speak([head("/refuse", "Content-Length: 1000000"), ...endless]);
    expect(text).toMatch(/^HTTP\/1.1 403 /);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  });
});

describe("an answer after it", () => {
  test.each([
    ["read", "/mcp", "Content-Length: 5", "hello"],
    ["refused unread", "/refuse", "Content-Length: 5", "hello"],
    ["empty", "/mcp", "Content-Length: 0", ""],
    ["in chunks", "/mcp", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"],
  ])("keeps the connection: a body %s", async (_, path, framing, body) => {
    seen.length = 0;
    const { text } = await speak(
      [head(path, framing) + body, head("/next", "Content-Length: 1") + "x"],
      /read 1$/,
    );
    expect(text).not.toMatch(/connection: close/i);
    expect(seen).toEqual([path, "/next"]);
  });
});

test("streams reach the client piece by piece, and tell when it leaves", async () => {
  let next!: () => void;
  const signals: AbortSignal[] = [];
  const streaming = await listen({ host: "127.0.0.1", port: 0 }, async ({ signal }) => {
    signals.push(signal);
    const second = new Promise<void>((resolve) => (next = resolve));
    return eventStream(signal, (events) => ({
      work: async () => {
        events.message('{"at":1}');
        await second;
        events.message('{"at":2}');
      },
      beat: () => undefined,
    }));
  });
  const client = new AbortController();
  const { body } = await fetch(streaming.url, {
    method: "POST",
    body: "{}",
    signal: client.signal,
  });
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  let seen = "";
  while (!seen.includes('{"at":1}')) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the stream ended early: ${seen}`);
    seen += value;
  }
  expect(signals[0]!.aborted).toBe(false);
  client.abort();
  await expect(reader.read()).rejects.toThrow();
  await expect.poll(() => signals[0]!.aborted).toBe(true);
  // Writes into a stream that nobody reads any more; what it throws would fail this test as an unhandled rejection.
  next();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await streaming.close();
});
