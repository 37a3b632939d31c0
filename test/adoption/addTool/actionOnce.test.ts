/** An action runs once for each idempotency key, however many call it, and its calls cost little. */
import { getFunctionName } from "convex/server";
import { describe, expect, test, vi } from "vitest";
import { post, rows, withoutOperation } from "../../support/gate";
import * as notes from "./notes";
import { begin, key, t, textOf } from "./setup";
import { outcomesOfMail, json, call, pending, started } from "./mail";

describe("an action", () => {
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
});
