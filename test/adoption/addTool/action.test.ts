/** A tool is one internal function and one line: what that gives for an action, which runs as a job. */
import { ConvexError } from "convex/values";
import { describe, expect, test, vi } from "vitest";
import { dump, post, rows, withoutOperation } from "../../support/gate";
import * as notes from "./notes";
import { key, lastRow, t, textOf } from "./setup";
import { call, pending, started, jobOf } from "./mail";

describe("an action", () => {
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
});
