/** A client to identify, with a glue and a network that only count and answer. */
import { vi } from "vitest";
import { identify } from "../../src/connect/client/identify";
import type { KeepDocument, KnownDocument } from "../../src/grants/documents";
import type { Pepper } from "../../src/auth/pepper";
import type { Toolgate } from "../../src/registry/toolgate";
import type { Runner } from "../../src/runner/runner";

export const PEPPERS: readonly Pepper[] = [{ id: "one", secret: "1".repeat(32) }];

/** What the glue knows of the document; nothing unless stated. */
export type Known = Partial<KnownDocument>;

type Answer = (url: string, init: RequestInit) => Promise<Response> | Response;

/** @param answer - of the network; without it a fetch fails. */
export const newAsking = (known: Known = {}, answer?: Answer) => {
  const kept: KeepDocument[] = [];
  const query = vi.fn(() => Promise.resolve({ isFresh: false, recentFetches: 0, ...known }));
  const mutation = vi.fn((_ref: unknown, args: KeepDocument) => {
    kept.push(args);
    return Promise.resolve(null);
  });
  const fetching = vi.fn((url: string, init: RequestInit) =>
    answer ? Promise.resolve(answer(url, init)) : Promise.reject(new TypeError("fetch failed")),
  );
  vi.stubGlobal("fetch", fetching);
  const runner = { query, mutation } as unknown as Runner;
  const asking = { app: { dir: "toolgate" } as Toolgate, runner };
  return {
    asking,
    kept,
    fetching,
    identify: (clientId: string, redirectUri: string | undefined) =>
      identify(asking, clientId, redirectUri),
    calls: () => query.mock.calls.length + mutation.mock.calls.length,
    fetched: () => fetching.mock.calls.length,
  };
};
