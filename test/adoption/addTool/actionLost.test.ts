/** An action whose worker dies: it becomes unknown, and is not run again. */
import { v } from "convex/values";
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { internalMutation } from "../../../convex/_generated/server";
import { LEASE_MS } from "../../../src/jobs/job";
import { finishJob } from "../../../src/jobs/lease";
import { rows } from "../../support/gate";
import * as notes from "./notes";
import { begin, lastRow, t, textOf } from "./setup";
import { outcomesOfMail, call, started, jobOf } from "./mail";

const HOUR = 60 * 60 * 1000;

describe("an action", () => {
  describe("whose worker dies", () => {
    const args = { to: "ada", idempotencyKey: "mail-12345" };
    const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
    const expire = async () => t.mutation(internal.toolgate.jobs.expire, await ofJob());
    const ofJob = async () => ({ jobId: (await jobOf()).jobId });

    /** As if the machine had died when the mail was out: it is not heard of again. */
    const lose = async () => {
      vi.spyOn(console, "error").mockReturnValue();
      const died = internalMutation({
        args: { jobId: v.string(), outcome: v.any() },
        handler: () => {
          throw new Error("died");
        },
      });
      await begin(undefined, { finish: died });
      const result = call("mail_send", args);
      await started();
      return result;
    };

    test("stays started until its lease is over, then becomes unknown, and never failed", async () => {
      const waiting = lose();
      await started();
      const row = await lastRow();
      expect(row).toMatchObject({ tool: "mail_send", outcome: "started" });
      await expire();
      later(LEASE_MS - 2_000);
      await expire();
      expect(await lastRow()).toEqual(row);
      expect(await jobOf()).toMatchObject({ state: "working" });
      later(3_000);
      await expire();
      const ended = (await lastRow())!;
      expect(ended).toMatchObject({ operation: row!.operation, outcome: "unknown" });
      expect(ended.at).toBeGreaterThan(row!.at + LEASE_MS);
      expect(textOf(await waiting)).toMatch(
        /^outcome_unknown: The server lost the job\. .*read the data/,
      );
      // Terminal: neither a late end, nor a sign of life, nor the watchdog, nor a sweep changes it.
      const job = await jobOf();
      expect(job.state).toBe("unknown");
      await t.run((tx) =>
        finishJob("toolgate").handler(tx as never, {
          jobId: job.jobId,
          worker: job.worker!,
          outcome: { state: "succeeded", result: "{}" },
        }),
      );
      await t.mutation(internal.toolgate.jobs.report, { jobId: job.jobId, progress: { done: 1 } });
      await t.mutation(internal.toolgate.jobs.renew, { jobId: job.jobId });
      await t.action(internal.toolgate.worker.run, { jobId: job.jobId });
      later(60_000);
      await expire();
      await t.mutation(internal.toolgate.jobs.sweep, {});
      expect(await lastRow()).toEqual(ended);
      expect(await jobOf()).toEqual(job);
      expect(notes.mail.runs).toBe(1);
    });

    test("is not run again for the same key, and the caller is told to look", async () => {
      const waiting = lose();
      await started();
      // While nobody knows, another call waits too.
      const during = call("mail_send", args);
      await vi.waitFor(async () => {
        expect(await outcomesOfMail()).toEqual(["started", "replayed"]);
      });
      later(LEASE_MS + 1_000);
      await expire();
      const unknown = /^outcome_unknown: The server lost the job\. .*read the data/;
      expect(textOf(await waiting)).toMatch(unknown);
      expect(textOf(await during)).toMatch(unknown);
      expect(textOf(await call("mail_send", args))).toMatch(unknown);
      expect(await outcomesOfMail()).toEqual([
        ...["started", "replayed", "unknown", "outcome_unknown"],
      ]);
      expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
      expect(notes.mail.runs).toBe(1);
      later(47 * HOUR);
      await t.mutation(internal.toolgate.jobs.sweep, {});
      expect(textOf(await call("mail_send", args))).toMatch(unknown);
      later(2 * HOUR);
      await t.mutation(internal.toolgate.jobs.sweep, {});
      expect(await rows(t, "toolgateJobs")).toEqual([]);
      const again = call("mail_send", args);
      await vi.waitFor(() => {
        expect(notes.mail.runs).toBe(2);
      });
      later(LEASE_MS + 1_000);
      await expire();
      await again;
    });
  });
});
