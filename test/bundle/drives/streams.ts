/** A call of an action, which is answered as an event stream: to its end, and with a client that leaves. */
import { handshake } from "./calls";
import type { Drive } from "./drive";
import { called, equal, stream, streamed } from "./expect";
import { endless, functions, JOB_ID, LOOKS } from "./functions";
import { legacy, modern } from "./requests";
import type { Answer } from "./send";

const call = { name: "customers_import", arguments: { lines: "{}" } };

/** With a token the client hears of every step. */
const eager = { ...call, _meta: { progressToken: "t" } };

/** Once the place has been renewed. */
const LEAVES_AFTER_MS = 40_500;

const FOLLOWED = [
  "mutation toolgate/gate:admit",
  "query toolgate/jobs:watch",
  "mutation toolgate/jobs:renewLease",
] as const;

const ends = (answer: Answer): void => {
  equal("the result", streamed(answer).structuredContent, { imported: 3 });
  called(answer, ...FOLLOWED);
};

const endsWithProgress = (answer: Answer): void => {
  ends(answer);
  const progress = answer.messages.slice(0, -1) as { params?: { progress?: unknown } }[];
  // Beats come in between, less than a step each.
  const steps = progress.map(({ params }) => params?.progress).filter(Number.isInteger);
  const expected = Array.from({ length: LOOKS }, (_, i) => i + 1);
  equal("the progress", steps, expected);
};

/** A 2025 client that leaves may have lost its connection: the job goes on. */
const isLeft = (answer: Answer): void => {
  stream(answer);
  equal("whether the stream lasted until the client left", answer.left, true);
  called(answer, ...FOLLOWED);
};

/** A 2026 client that leaves means to cancel. */
const isCancelled = (answer: Answer): void => {
  stream(answer);
  equal("whether the stream lasted until the client left", answer.left, true);
  called(answer, ...FOLLOWED, "mutation toolgate/jobs:cancel");
  const { args } = answer.calls.find(({ name }) => name === "mutation toolgate/jobs:cancel") ?? {};
  equal("the job that was cancelled", args?.jobId, JOB_ID);
};

export const streams: readonly Drive[] = [
  {
    name: "stream, 2025-11-25",
    run: async (send) =>
      send(functions, legacy("tools/call", eager, await handshake(send)), endsWithProgress),
  },
  {
    name: "stream, 2026-07-28",
    // Silent but for what keeps it alive.
    run: (send) => send(functions, modern("tools/call", call), ends),
  },
  {
    name: "leaving, 2025-11-25",
    run: async (send) => {
      const sent = legacy("tools/call", call, await handshake(send));
      await send(endless, { ...sent, leavesAfter: LEAVES_AFTER_MS }, isLeft);
    },
  },
  {
    name: "leaving, 2026-07-28",
    run: (send) =>
      send(endless, { ...modern("tools/call", call), leavesAfter: LEAVES_AFTER_MS }, isCancelled),
  },
];
