/** A new server before each test, and what operators do with keys. */
import { ConvexError } from "convex/values";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { newServer, rpc, type Backend, type Reply } from "../support/gate";

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
export const PEPPER = `test:${"pepper-".repeat(6)}`;

export let t: Backend;

beforeEach(async () => {
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1000");
  t = await newServer();
});

afterEach(() => {
  vi.useRealTimers();
  vi.stubEnv("TOOLGATE_PEPPERS", PEPPER);
});

export const after = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
export const ping = (key: string): Promise<Reply> => rpc(t, key, "ping");
export const status = async (key: string): Promise<number> => (await ping(key)).status;
export const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

export const verify = (key: string) => t.action(internal.toolgate.admin.verifyKey, { key });
export const rotate = (
  keyId: string,
  more: { graceMinutes?: number; expiresInDays?: number } = {},
) => t.action(internal.toolgate.admin.rotateKey, { keyId, ...more });
export const update = (keyId: string, changes: object) =>
  t.mutation(internal.toolgate.admin.updateKey, { keyId, ...changes });
export const revoke = (keyId: string, reason?: string, more: { chain?: boolean } = {}) =>
  t.mutation(internal.toolgate.admin.revokeKey, {
    keyId,
    ...(reason === undefined ? {} : { reason }),
    ...more,
  });

/** What an operator's call was refused with. */
export const refusal = async (
  call: Promise<unknown>,
): Promise<{ code: string; message: string }> => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConvexError);
  const data = (error as ConvexError<{ code: string; message: string }>).data;
  expect(data).toEqual({ code: expect.any(String), message: expect.stringMatching(/./) });
  return data;
};

export const badGrants: [field: string, grant: object][] = [
  ["name", { name: "" }],
  ["name", { name: " " }],
  ["name", { name: "x".repeat(101) }],
  ["name", { name: "a\u001b[31m" }],
  ["name", { name: "two\nlines" }],
  ["name", { name: "\u200b\u2060 \u3164" }],
  ["name", { name: "Claude \u202eadmin" }],
  ["name", { name: "a\u2028b" }],
  // What has the form of a key is never kept.
  ["name", { name: `of cvxmcp_live_${"A".repeat(12)}_${"A".repeat(49)}` }],
  ["role", { role: "nonesuch" }],
  ["role", { role: "" }],
  ["expiresInDays", { expiresInDays: 0 }],
  ["expiresInDays", { expiresInDays: -1 }],
  ["expiresInDays", { expiresInDays: 366 }],
  ["expiresInDays", { expiresInDays: 1.5 }],
  ["expiresInDays", { expiresInDays: NaN }],
  ["expiresInDays", { expiresInDays: Infinity }],
  ["tools", { tools: ["customers_get", "nonesuch"] }],
  ["tools", { tools: ["toString"] }],
  ["constraints", { constraints: { nonesuch: { a: { min: 1 } } } }],
  ["constraints", { constraints: { orders_list: { limit: {} } } }],
  ["constraints", { constraints: { orders_list: { limit: { min: 2, max: 1 } } } }],
];
