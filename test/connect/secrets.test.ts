/** No key, code or token in a row, a log or a reply but the one that issues it; and what is told when something breaks. */
import { afterEach, expect, test, vi } from "vitest";
import { newApp, type Front } from "../support/app";
import { dump, issueKey, newServer, rpc } from "../support/gate";
import {
  ask,
  connectAgent,
  consent,
  fieldOf,
  newCode,
  newFlow,
  open,
  redemption,
  refresh,
  submit,
  token,
  type Answer,
  type Tokens,
} from "../support/connect";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

/** What the next call of Convex ends in. */
let failure: Error | undefined;
const failing = async <T>(run: () => Promise<T>): Promise<T> => {
  if (failure !== undefined) throw failure;
  return run();
};
const breaking: Front = (ctx, _request, next) =>
  next({
    runQuery: (ref, ...args) => failing(() => ctx.runQuery(ref, ...args)),
    runMutation: (ref, ...args) => failing(() => ctx.runMutation(ref, ...args)),
  });

const t = await newServer({ t: newApp({ connect: {}, front: breaking }) });
const { key } = await issueKey(t);

afterEach(() => {
  failure = undefined;
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const METHODS = ["log", "warn", "error", "info", "debug"] as const;

test("canaries of a whole flow are in no row, no log, and no reply but the issuing one", async () => {
  const logged: unknown[][] = [];
  for (const method of METHODS)
    vi.spyOn(console, method).mockImplementation((...args: unknown[]) => {
      logged.push(args);
    });
  const seen: Answer[] = [];
  const flow = await newFlow(t);
  const page = await open(t, flow);
  const request = fieldOf(page, "request");
  seen.push(page, await consent(t, request, { key: `${key}x` }));
  seen.push(await consent(t, request, { key, decision: "choose" }));
  const code = await newCode(t, flow, key);
  const wrong = { ...redemption(flow, code), redirect_uri: "https://evil.example" };
  seen.push(await token(t, wrong));
  const first = (await token(t, redemption(flow, code))).json as unknown as Tokens;
  const second = (await refresh(t, flow, first.refresh_token)).json as unknown as Tokens;
  seen.push(await token(t, redemption(flow, code)), await refresh(t, flow, second.refresh_token));
  await rpc(t, second.access_token, "ping");
  for (const secret of [code, second.refresh_token, second.access_token])
    seen.push(await submit(t, "/oauth/revoke", { token: secret, client_id: flow.clientId }));
  const texts = [
    JSON.stringify(await dump(t)),
    JSON.stringify(logged),
    ...seen.flatMap(({ text, headers }) => [text, JSON.stringify([...headers])]),
  ];
  const family = second.refresh_token.split("_")[3]!;
  const secrets = [key, code, first.access_token, first.refresh_token, family, flow.verifier];
  for (const secret of [...secrets, second.access_token, second.refresh_token])
    for (const text of texts) expect(text).not.toContain(secret);
});

const good = await connectAgent(t, key);
const flow = await newFlow(t);
const request = fieldOf(await open(t, flow), "request");

/** Each way in that asks Convex for something. */
const steps: [string, () => Promise<Answer>, boolean][] = [
  ["consent", () => consent(t, request, { key }), true],
  ["the second step", () => consent(t, request, { key, decision: "choose" }), true],
  ["a refresh", () => refresh(t, good, good.tokens.refresh_token), false],
  [
    "a revocation",
    () =>
      submit(t, "/oauth/revoke", { token: good.tokens.refresh_token, client_id: good.clientId }),
    false,
  ],
];

test.each(steps)("%s: an overload says when to come back", async (_what, send, isPage) => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  failure = new Error("Too many concurrent requests. Your backend is limited …");
  const { status, headers, text } = await send();
  expect(status).toBe(503);
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  if (!isPage) expect(text).toContain("temporarily_unavailable");
  expect(text).not.toContain("backend");
});

test.each(steps)("%s: an unexpected error is logged and not told", async (_what, send, isPage) => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  failure = new Error(`secretTable exploded near ${key}`);
  const { status, headers, text } = await send();
  expect(status).toBe(500);
  expect(text).not.toMatch(/secretTable|exploded|at .*\.ts/);
  expect(headers.get("content-type")).toContain(isPage ? "text/html" : "application/json");
  expect(log).toHaveBeenCalledTimes(1);
  expect(JSON.stringify(log.mock.calls)).not.toContain(key);
});

test.each(steps)("%s: without a pepper nothing is signed", async (_what, send) => {
  vi.stubEnv("TOOLGATE_PEPPERS", "");
  expect((await send()).status).toBe(503);
  expect((await ask(t, "/.well-known/oauth-authorization-server")).status).toBe(200);
});
