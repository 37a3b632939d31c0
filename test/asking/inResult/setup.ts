/** A new app that asks before each test, and clients of 2026-07-28 that call it and answer. */
import { afterEach, beforeEach, vi } from "vitest";
import type { Reply } from "../../support/gate";
import { accept, modern, newAsking } from "../../support/askingApp";

process.env.TOOLGATE_LIMIT_SCALE = "100000";

export const PEPPER = process.env.TOOLGATE_PEPPERS!;

export let app: Awaited<ReturnType<typeof newAsking>>;

beforeEach(async () => {
  app = await newAsking();
});

afterEach(() => {
  vi.useRealTimers();
  process.env.TOOLGATE_PEPPERS = PEPPER;
});

export interface More {
  readonly key?: string | undefined;
  readonly capabilities?: object;
  readonly inputResponses?: unknown;
  readonly requestState?: unknown;
}

export const call = (
  name: string,
  args: object,
  { key = app.keys.ann, capabilities, ...more }: More = {},
) => modern(app.t, key, "tools/call", { name, arguments: args, ...more }, capabilities);

export const found = (more: More = {}) => call("found", { slug: "new" }, more);

export const named = (name: unknown) => ({ named: accept({ name }) });

export const stateOf = ({ json, text }: Reply): string => {
  const { resultType, requestState } = json.result ?? {};
  if (resultType !== "input_required" || typeof requestState !== "string")
    throw new Error(`not asked: ${text}`);
  return requestState;
};
