/** Methods without a body, and bodies as they arrive. */
import type { Drive } from "./drive";
import { called, equal, json, status } from "./expect";
import { functions } from "./functions";
import { bare, inChunks } from "./requests";
import type { Answer } from "./send";

const ADMITTED = "mutation toolgate/gate:admit";

const utf8 = new TextEncoder();

const message = (text: string) =>
  utf8.encode(
    JSON.stringify({
      ...{ jsonrpc: "2.0", id: 1, method: "tools/call" },
      params: { name: "customers_search", arguments: { text } },
    }),
  );

const inPieces = (bytes: Uint8Array, length: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / length) }, (_, i) =>
    bytes.subarray(i * length, (i + 1) * length),
  );

/** Of a good key, so that nothing but the body is wrong. */
const unread = (answer: Answer, expected: number, code: number, says: RegExp): void => {
  status(answer, expected);
  const { error } = JSON.parse(answer.text) as { error?: { code?: unknown; message?: string } };
  equal("the error's code", error?.code, code);
  equal("whether the message says it", says.test(error?.message ?? ""), true);
};

const read = (answer: Answer): void => {
  equal("the result", json(answer).structuredContent, { page: [{ name: "Ada" }] });
};

const methods = (["GET", "HEAD", "DELETE"] as const).map((method): Drive => ({
  name: method,
  run: (send) =>
    send(functions, bare(method), (answer) => {
      status(answer, 405);
      equal("Allow", answer.headers.get("allow"), "POST, OPTIONS");
      called(answer, ADMITTED);
    }),
}));

const MIB = 1024 * 1024;

export const bodies: readonly Drive[] = [
  ...methods,
  {
    name: "a body in many chunks, cut inside of characters",
    run: (send) => send(functions, inChunks(...inPieces(message("Ä€😀".repeat(9)), 1)), read),
  },
  {
    name: "no bytes at all",
    run: (send) =>
      send(functions, inChunks(), (answer) => {
        unread(answer, 400, -32700, /^Parse error: /);
      }),
  },
  {
    name: "a body over 1 MiB without a length",
    run: (send) =>
      send(functions, inChunks(...inPieces(message("a".repeat(MIB)), 64 * 1024)), (answer) => {
        unread(answer, 413, 413, /larger than 1048576 bytes/);
      }),
  },
  ...[
    [0xff],
    // The start of a character.
    [0xe2, 0x82],
    // "/" in more bytes than it needs.
    [0xc0, 0xaf],
    // Half a surrogate pair.
    [0xed, 0xa0, 0x80],
  ].map((bytes): Drive => {
    const text = `invalid UTF-8: ${bytes.map((byte) => byte.toString(16)).join(" ")}`;
    const [head, tail] = Buffer.from(message("|")).toString().split("|");
    const sent = inChunks(utf8.encode(head), Uint8Array.from(bytes), utf8.encode(tail));
    return {
      name: text,
      run: (send) =>
        send(functions, sent, (answer) => {
          unread(answer, 400, -32700, /UTF-8/);
        }),
    };
  }),
];
