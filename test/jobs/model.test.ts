/** A job follows a model of a few fields, whoever writes to it and in whatever order. */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import type { Doc } from "../../convex/_generated/dataModel";
import { LEASE_MS, QUEUE_MS } from "../../src/jobs/job";
import { issueKey } from "../support/gate";
import { jobOf, newApp } from "../support/longApp";
import { reply, start } from "../support/streamClient";
import {
  auditOf,
  claim,
  expire,
  finish,
  handOn,
  never,
  pass,
  queued,
  renew,
  report,
} from "./setup";

// What a job should be, as a model of a few fields.
interface Model {
  state: Doc<"toolgateJobs">["state"];
  leaseUntil: number;
  cancelRequested: boolean;
  /** Whether a part of it is done, and no worker of the next one has been heard of. */
  isPart: boolean;
}
type Real = Awaited<ReturnType<typeof queued>>;
/** What a transaction takes for now: one came before it, while the clock stood still. */
const now = () => Date.now() + 1;
/** Only what has not begun may be called again. */
const lateEnd = ({ isPart }: Model) => (isPart ? "unknown" : "failed");
const isOver = ({ state }: Model) => state !== "queued" && state !== "working";

type Step = readonly [name: string, act: (model: Model, real: Real) => Promise<void>];

const steps: Step[] = [
  [
    "claim",
    async (model, { t, jobId }) => {
      // A worker of its own each time, or else it would get the same job again.
      const claimed = await claim(t, jobId, model.state === "queued" ? "w" : "another");
      const isLate = model.leaseUntil <= now();
      expect(claimed !== null).toBe(model.state === "queued" && !isLate);
      if (model.state !== "queued") return;
      model.state = isLate ? lateEnd(model) : "working";
      if (!isLate) model.leaseUntil = now() + LEASE_MS;
    },
  ],
  [
    "renew",
    async (model, { t, jobId }) => {
      await renew(t, jobId);
      if (model.state === "working") model.leaseUntil = now() + LEASE_MS;
    },
  ],
  [
    "cancel",
    async (model, { cancel }) => {
      if (model.state === "queued") model.state = "cancelled";
      else if (!isOver(model)) model.cancelRequested = true;
      await cancel();
    },
  ],
  [
    "expire",
    async (model, { t, jobId }) => {
      await expire(t, jobId);
      if (isOver(model) || model.leaseUntil > now()) return;
      model.state = model.state === "queued" ? lateEnd(model) : "unknown";
    },
  ],
  ...["oops", "internal", "cancelled", undefined].map((code): Step => [
    `finish ${code ?? "well"}`,
    async (model, { t, jobId }) => {
      // Only a worker that has claimed a job finishes it.
      if (model.state === "queued") return;
      await finish(t, jobId, code);
      if (isOver(model)) return;
      if (code === undefined) model.state = "succeeded";
      else if (code === "internal") model.state = "unknown";
      else model.state = code === "cancelled" && model.cancelRequested ? "cancelled" : "failed";
    },
  ]),
  [
    "go on",
    async (model, { t, jobId }) => {
      await handOn(t, jobId);
      if (model.state !== "working") return;
      model.state = model.cancelRequested ? "cancelled" : "queued";
      if (model.state !== "queued") return;
      model.isPart = true;
      model.leaseUntil = now() + 30 * 60_000;
    },
  ],
  [
    // Also one that comes after the end of its part.
    "report",
    async (model, { t, jobId }) => {
      expect(await report(t, jobId, 1)).toBe(isOver(model) || model.cancelRequested);
      if (model.state === "working") model.leaseUntil = now() + LEASE_MS;
    },
  ],
  ...[10_000, 50_000, 31 * 60_000].map((ms): Step => [
    `pass ${ms}`,
    async () => {
      pass(ms);
    },
  ]),
];

test("whatever happens in whatever order, it follows the model, and an end is final", async () => {
  // Timers never fire: the worker and the watchdog act only as steps.
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
  const t = await newApp(never);
  const { key, keyId } = await issueKey(t, { subject: "agent" });
  const principal = { subject: "agent", tenant: "acme", role: "admin", keyId };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 12 }),
      async (path) => {
        const jobId = await start(t, key);
        const cancel = () => t.mutation(internal.toolgate.jobs.cancel, { jobId, principal });
        const real: Real = { t, key, jobId, job: await jobOf(t, jobId), principal, cancel };
        const model: Model = {
          ...{ state: "queued", leaseUntil: now() + QUEUE_MS },
          ...{ cancelRequested: false, isPart: false },
        };
        let end: Doc<"toolgateJobs"> | undefined;
        for (const [, act] of path) {
          await act(model, real);
          const job = await jobOf(t, jobId);
          const { isPart, ...fields } = model;
          expect(job).toMatchObject(fields);
          // The next part has all that it needs.
          if (model.state === "queued")
            expect([job.arguments, job.checkpoint]).toEqual(
              isPart ? ['{"label":"a"}', "7"] : ["{}", undefined],
            );
          const audited = (await auditOf(t, job)).map(({ outcome }) => outcome);
          expect(audited).toEqual(["started", ...(isOver(model) ? [model.state] : [])]);
          if (end !== undefined) expect(job).toEqual(end);
          if (isOver(model)) end = job;
        }
        const { result } = await reply(
          t,
          key,
          "tasks/get",
          { taskId: jobId },
          {
            ...{ era: "modern", tasks: true },
          },
        );
        expect(result!.status).toBe(
          model.state === "cancelled"
            ? "cancelled"
            : model.state === "unknown"
              ? "failed"
              : isOver(model)
                ? "completed"
                : "working",
        );
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
