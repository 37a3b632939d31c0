/** Every refusal and what it reads like on the wire, in both eras. */
import { INVALID_KEY_MESSAGE } from "../auth/challenge";
import { expect, test } from "vitest";
import { reasonOf, type Refusal } from "../data/refusal";
import { RpcError } from "../wire/jsonrpc";
import { legacy } from "./eras/legacy";
import { modern } from "./eras/modern";
import { wireOf } from "./refused";

const wire = (refusal: Refusal, era = modern()) => {
  const told = wireOf(refusal, era);
  return told instanceof RpcError
    ? [told.code, told.detail.status ?? 200, told.message]
    : [told.state, told.state === "failed" ? told.message : ""];
};

const tool = { kind: "tool", name: "x" } as const;
const state =
  'Invalid params: "requestState" was not issued for this call, or has expired. Call again without it.';

test.each<[Refusal, string, readonly unknown[]]>([
  [{ kind: "invalid_key", reason: "key_revoked" }, "key_revoked", [401, 401, INVALID_KEY_MESSAGE]],
  [
    { ...{ kind: "rate_limit", policy: "key", message: "m", retryAfter: 3, policies: "p" } },
    ...(["rate_limit_key", [429, 429, "m"]] as const),
  ],
  [{ kind: "stream_limit", message: "m", retryAfter: 15 }, "stream_limit", [429, 429, "m"]],
  [
    { kind: "unknown", reason: "forbidden", target: tool },
    "forbidden",
    [-32602, 200, "Unknown tool: x"],
  ],
  [{ kind: "constraint", problems: ["a", "b"] }, "constraint", ["failed", "a\nb"]],
  [
    { kind: "malformed", reason: "header_mismatch", code: -32020, message: "m", status: 400 },
    ...(["header_mismatch", [-32020, 400, "m"]] as const),
  ],
  [
    { kind: "task_only" },
    ...(["task_only", [-32021, 400, "This tool needs a client with the tasks extension"]] as const),
  ],
  [
    { kind: "shared_key" },
    ...(["shared_key", [-32602, 200, expect.stringContaining("covers one message")]] as const),
  ],
  [{ kind: "bad_state" }, "bad_state", [-32602, 200, state]],
  [{ kind: "foreign_state" }, "foreign_state", [-32602, 200, state]],
  [
    { kind: "answers_too_long" },
    "answers_too_long",
    [-32602, 200, 'Invalid params: "inputResponses" may come to 256 KiB in all rounds'],
  ],
  [{ kind: "refused", reason: "own", status: 403, message: "m" }, "own", [403, 403, "m"]],
])("%j", (refusal, reason, expected) => {
  expect(reasonOf(refusal)).toBe(reason);
  expect(wire(refusal)).toEqual(expected);
});

test("a resource that is none has the code of its era, and its URI without a key in it", () => {
  const name = `erp://cvxmcp_test_${"a".repeat(12)}_${"b".repeat(49)}`;
  const refusal: Refusal = { kind: "unknown", reason: "x", target: { kind: "resource", name } };
  expect(wire(refusal)[0]).toBe(-32602);
  expect(wire(refusal, legacy("2025-11-25"))[0]).toBe(-32002);
  expect((wireOf(refusal, modern()) as RpcError).detail.data).toEqual({ uri: "erp://[redacted]" });
});

test("revisions without an error for it tell the model that a tool runs as a task only", () => {
  expect(wire({ kind: "task_only" }, legacy("2025-11-25"))[0]).toBe("failed");
});

test.each<Refusal>([
  { kind: "invalid_key", reason: "x" },
  { kind: "refused", reason: "x", status: 403, message: "m" },
])("the reply to $kind hides the id", (refusal) => {
  expect((wireOf(refusal, modern()) as RpcError).detail.hidesId).toBe(true);
});
