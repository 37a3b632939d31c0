/** What goes wrong with event streams, each as `startFaultProxy` takes it. */
import { setTimeout as sleep } from "node:timers/promises";
import { text } from "node:stream/consumers";
import type { Fault } from "../../faultProxy";
import { both, html, isToolCall, never, reply, wantsStream, where } from "./pieces";

/** What the server sends first on a stream. */
const open = ": open\n\n";

/** Knows how long the answer is, since it has all of it. */
export const collectsStreams = where(wantsStream, async ({ upstream, outgoing }) => {
  const answer = await upstream();
  const whole = await text(answer);
  const length = String(Buffer.byteLength(whole));
  outgoing.writeHead(200, { "Content-Type": "text/event-stream", "Content-Length": length });
  outgoing.end(whole);
});

export const cutsStreams = where(wantsStream, async ({ outgoing }) => {
  outgoing.writeHead(200, { "Content-Type": "text/event-stream" });
  outgoing.write(open);
  await sleep(50);
  outgoing.destroy();
});

export const endsStreams = where(
  wantsStream,
  reply(200, open, { "Content-Type": "text/event-stream" }),
);

export const unstreams = where(wantsStream, html);

const progress = 'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/progress"}\n\n';

const result =
  'event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{"content":[],"structuredContent":{}}}\n\n';

/** A long tool that sends a piece after each of these pauses, in milliseconds. */
const longTool = (...pieces: [pause: number, piece: string][]): Fault =>
  where(both(wantsStream, isToolCall), async ({ outgoing }) => {
    outgoing.writeHead(200, { "Content-Type": "text/event-stream" });
    outgoing.flushHeaders();
    for (const [pause, piece] of pieces) {
      await sleep(pause);
      outgoing.write(piece);
    }
    outgoing.end();
  });

export const steadyTool = longTool([0, open], [100, progress], [100, progress], [100, result]);

export const silentTool = longTool([0, open], [1_000, progress], [0, result]);

export const bufferedTool = longTool([500, `${open}${progress}${result}`]);

export const briefTool = longTool([0, `${open}${result}`]);

export const endlessTool = longTool([0, open], ...Array<[number, string]>(9).fill([200, progress]));

export const withheldTool = where(both(wantsStream, isToolCall), never);
