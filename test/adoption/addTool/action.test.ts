/** A tool is one internal function and one line: what that gives for an action, which runs as a job. */
import { getFunctionName } from "convex/server";
import { ConvexError, v } from "convex/values";
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { internalMutation } from "../../../convex/_generated/server";
import { LEASE_MS } from "../../../src/jobs/job";
import { finishJob } from "../../../src/jobs/lease";
import { dump, post, rows, type ToolResult, withoutOperation } from "../../support/gate";
import * as notes from "./notes";
import { begin, key, lastRow, t, textOf } from "./setup";

const HOUR = 60 * 60 * 1000;

const outcomesOfMail = async () =>
  (await rows(t, "toolgateAudit"))
    .filter(({ tool }) => tool === "mail_send")
    .map(({ outcome, reason }) => reason ?? outcome);

const json = { accept: "application/json" };

/** Calls for an answer in JSON; an action answers with a stream else. */
const call = async (name: string, args: object): Promise<ToolResult> => {
  const reply = await post(
    t,
    key,
    { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } },
    json,
  );
  if (reply.json.result === undefined) throw new Error(`no result: ${reply.text}`);
  return reply.json.result as unknown as ToolResult;
};

describe("an action", () => {
  const pending = () => {
    let finish!: (receipt: string) => void;
    notes.mail.send = () => new Promise((resolve) => (finish = resolve));
    return (receipt: string) => {
      finish(receipt);
    };
  };
  const started = () =>
    vi.waitFor(() => {
      expect(notes.mail.runs).toBe(1);
    });

  test("is recorded before it runs, and again when it has ended", async () => {
    const finish = pending();
    const result = call("mail_send", { to: "ada" });
    await started();
    const row = await lastRow();
    expect(row).toMatchObject({ tool: "mail_send", outcome: "started", arguments: '{"to":"ada"}' });
    finish("r-1");
    expect((await result).structuredContent).toEqual({ receipt: "r-1" });
    const { operation } = row!;
    expect(await lastRow()).toMatchObject({ operation, tool: "mail_send", outcome: "succeeded" });
  });

  test("answers with a stream if the client takes one", async () => {
    const reply = await post(t, key, {
      jsonrpc: "2.0",
      id: 7,
      method: "tools/call",
      params: { name: "mail_send", arguments: { to: "ada" } },
    });
    expect(reply.headers.get("content-type")).toBe("text/event-stream");
    const data = /^data: (.*)$/m.exec(reply.text)![1]!;
    expect(JSON.parse(data)).toMatchObject({
      id: 7,
      result: { structuredContent: { receipt: "sent" } },
    });
  });

  const jobOf = async () => (await rows(t, "toolgateJobs")).at(-1)!;

  test("runs as a job, whose row ends with the call's", async () => {
    const finish = pending();
    const result = call("mail_send", { to: "ada" });
    await started();
    const { operation, keyId } = (await lastRow())!;
    expect(await jobOf()).toMatchObject({
      ...{ tool: "mail_send", state: "working", watchers: 1 },
      ...{ operation, keyId, tenant: "acme", role: "admin", cancelRequested: false },
    });
    finish("r-1");
    await result;
    expect(await jobOf()).toMatchObject({ state: "succeeded", result: '{"receipt":"r-1"}' });
    // Nobody needs the arguments any more, and they may be long.
    expect(await jobOf()).not.toHaveProperty("arguments");
    // The request's place among the open streams is free again.
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
  });

  test("that refuses is failed, with its own words, and may be called again", async () => {
    let isThere = false;
    notes.mail.send = () => {
      if (isThere) return Promise.resolve("r-2");
      throw new ConvexError({ code: "no_address", message: "Nobody is there." });
    };
    const args = { to: "ada", idempotencyKey: "mail-12345" };
    expect(await call("mail_send", args)).toMatchObject({
      isError: true,
      content: [{ text: "no_address: Nobody is there." }],
    });
    expect(await lastRow()).toMatchObject({ outcome: "failed", reason: "no_address" });
    expect(await jobOf()).toMatchObject({ state: "failed", failure: { code: "no_address" } });
    isThere = true;
    expect((await call("mail_send", args)).structuredContent).toEqual({ receipt: "r-2" });
    expect(notes.mail.runs).toBe(2);
    expect(await lastRow()).toMatchObject({ outcome: "succeeded" });
    // Once it has succeeded, no more.
    expect((await call("mail_send", args))._meta).toMatchObject({ "toolgate/replayed": true });
    expect(notes.mail.runs).toBe(2);
    expect((await rows(t, "toolgateJobs")).map(({ state }) => state)).toEqual([
      "failed",
      "succeeded",
    ]);
  });

  test("that throws may have done anything: unknown, with an id to quote", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    notes.mail.send = () => Promise.reject(new Error("smtp password in /etc/mail"));
    const args = { to: "ada", idempotencyKey: "mail-12345" };
    const result = await call("mail_send", args);
    expect(textOf(result)).toMatch(
      /^outcome_unknown: Internal error\. Quote [\da-f-]{36} to the operator\. .*read the data/,
    );
    expect(log).toHaveBeenCalledOnce();
    expect(await lastRow()).toMatchObject({ outcome: "unknown", reason: "internal" });
    // The mail may be out: the same key does not send it again.
    expect(withoutOperation(await call("mail_send", args))).toEqual(withoutOperation(result));
    expect(notes.mail.runs).toBe(1);
    expect(JSON.stringify(await dump(t))).not.toContain("smtp password");
  });

  test("is explained what is wrong with its arguments, and does not run", async () => {
    const result = await call("mail_send", { too: "ada" });
    expect(textOf(result)).toMatch(/^invalid_arguments: /);
    expect(textOf(result)).toContain('too: no such argument; did you mean "to"?');
    expect(notes.mail.runs).toBe(0);
    expect(await lastRow()).toMatchObject({ outcome: "failed", reason: "invalid_arguments" });
  });

  test("runs once per idempotency key; while it runs, another call waits for the same job", async () => {
    const finish = pending();
    const args = { to: "ada", idempotencyKey: "mail-12345" };
    const first = call("mail_send", args);
    await started();
    const during = call("mail_send", args);
    await vi.waitFor(async () => {
      expect(await outcomesOfMail()).toEqual(["started", "replayed"]);
    });
    const other = await call("mail_send", { ...args, to: "bob" });
    expect(textOf(other)).toMatch(/^idempotency_mismatch: /);
    finish("r-1");
    const result = await first;
    expect(result.structuredContent).toEqual({ receipt: "r-1" });
    expect(withoutOperation(await during)).toEqual(withoutOperation(result));
    expect(withoutOperation(await call("mail_send", args))).toEqual({
      ...result,
      _meta: { "toolgate/replayed": true },
    });
    expect(notes.mail.runs).toBe(1);
    expect(await rows(t, "toolgateJobs")).toHaveLength(1);
    expect(await outcomesOfMail()).toEqual([
      "started",
      "replayed",
      "idempotency_mismatch",
      "succeeded",
      "replayed",
    ]);
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
  });

  test("costs the admission, looks, and the return of its place", async () => {
    const calls: string[] = [];
    await begin((ctx, _request, next) =>
      next({
        runQuery: (ref, ...rest) => {
          calls.push(getFunctionName(ref));
          return ctx.runQuery(ref, ...rest);
        },
        runMutation: (ref, ...rest) => {
          calls.push(getFunctionName(ref));
          return ctx.runMutation(ref, ...rest);
        },
        runAction: (ref, ...rest) => {
          calls.push(getFunctionName(ref));
          return ctx.runAction(ref, ...rest);
        },
      }),
    );
    const args = { to: "ada", idempotencyKey: "mail-12345" };
    await call("mail_send", args);
    const looks = calls.filter((name) => name === "toolgate/jobs:watch");
    expect(looks.length).toBeGreaterThan(0);
    // A job that ends at once is seen at the second look.
    expect(looks.length).toBeLessThan(5);
    expect(calls.splice(0)).toEqual(["toolgate/gate:admit", ...looks, "toolgate/jobs:renewLease"]);
    await call("mail_send", args);
    expect(calls).toEqual(["toolgate/gate:admit", "toolgate/jobs:renewLease"]);
  });

  test("with 8 parallel duplicates runs once: 4 wait for it, the others find the key's streams taken", async () => {
    const finish = pending();
    const args = { to: "ada", idempotencyKey: "mail-12345" };
    const params = { name: "mail_send", arguments: args };
    const replies = Array.from({ length: 8 }, () =>
      post(t, key, { jsonrpc: "2.0", id: 1, method: "tools/call", params }, json),
    );
    await vi.waitFor(async () => {
      expect(await outcomesOfMail()).toHaveLength(8);
    });
    await started();
    finish("r-1");
    const ended = await Promise.all(replies);
    expect(notes.mail.runs).toBe(1);
    const served = ended.filter(({ status }) => status === 200);
    expect(served).toHaveLength(4);
    for (const { json } of served)
      expect(withoutOperation(json)).toEqual(withoutOperation(served[0]!.json));
    expect(served[0]!.json.result?.structuredContent).toEqual({ receipt: "r-1" });
    const refused = ended.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(4);
    for (const { headers } of refused) expect(headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await outcomesOfMail()).sort()).toEqual([
      ...["replayed", "replayed", "replayed"],
      "started",
      ...Array<string>(4).fill("stream_limit"),
      "succeeded",
    ]);
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
    expect((await call("mail_send", args))._meta).toMatchObject({ "toolgate/replayed": true });
  });

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
