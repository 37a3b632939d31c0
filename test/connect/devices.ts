/** A device that asks for a code, and the person who types it. */
import { afterAll, beforeAll, beforeEach, vi } from "vitest";
import { counting, newApp } from "../support/app";
import { issueKey, newServer } from "../support/gate";
import { ownPage, register, submit, token } from "../support/connect";

export const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

export type Fields = Parameters<typeof submit>[2];

export interface Started {
  readonly device_code: string;
  readonly user_code: string;
}

/** A deployment with a registered device, and a clock that stands. Each test begins with no calls. */
export const newDevice = async () => {
  const calls: string[] = [];
  const t = await newServer({ t: newApp({ connect: { device: true }, front: counting(calls) }) });
  const { key } = await issueKey(t);
  const registered = await register(t, { client_name: "terminal", grant_types: [DEVICE] });
  const client_id = registered.json.client_id as string;

  // One clock for all tests: a database whose clock was once ahead stays ahead.
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  });
  beforeEach(() => {
    calls.length = 0;
  });
  afterAll(() => {
    vi.useRealTimers();
  });

  const start = (changes: Fields = {}) =>
    submit(t, "/oauth/device_authorization", { client_id, ...changes });

  const started = async (changes: Fields = {}): Promise<Started> =>
    (await start(changes)).json as unknown as Started;

  const poll = (device_code: string, changes: Fields = {}) =>
    token(t, { grant_type: DEVICE, client_id, device_code, ...changes });

  const decide = (
    user_code: string,
    fields: Fields = {},
    headers: Record<string, string> = ownPage,
  ) => submit(t, "/oauth/device", { user_code, ...fields }, headers);

  const allow = (user_code: string, fields: Fields = {}) =>
    decide(user_code, { key, access: "all", decision: "allow", ...fields });

  const errorOf = async (device_code: string) => (await poll(device_code)).json.error;

  return { calls, t, key, registered, client_id, start, started, poll, decide, allow, errorOf };
};
