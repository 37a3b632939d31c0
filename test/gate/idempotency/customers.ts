/** Calls that create a customer of their own, with an idempotency key in one place or another. */
import { afterEach, beforeEach, vi } from "vitest";
import {
  issueKey,
  newServer,
  post,
  rows,
  type Backend,
  type Reply,
  type ToolResult,
} from "../../support/gate";

const REPLAYED = "toolgate/replayed";
export const META = "toolgate/idempotencyKey";

export let t: Backend;
let key: string;

/** Lets what is below call another server. */
export const serveFrom = async (server: Backend): Promise<void> => {
  t = server;
  ({ key } = await issueKey(t));
};

beforeEach(async () => {
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "10000");
  await serveFrom(await newServer());
});

afterEach(() => {
  vi.useRealTimers();
});

export interface Sent {
  readonly args: object;
  readonly meta?: object;
  readonly header?: string;
  readonly tool?: string;
  readonly as?: string;
}

export const send = ({
  args,
  meta,
  header,
  tool = "customers_create",
  as = key,
}: Sent): Promise<Reply> =>
  post(
    t,
    as,
    {
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: tool, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) },
    },
    header === undefined ? {} : { "idempotency-key": header },
  );

export const resultOf = ({ json }: Reply) => json.result as unknown as ToolResult;
export const isReplay = (reply: Reply) => resultOf(reply)._meta?.[REPLAYED] === true;
export const textOf = (reply: Reply) => resultOf(reply).content[0]!.text;
export const withoutMark = (reply: Reply) => {
  const { _meta, ...rest } = resultOf(reply);
  return rest;
};

let made = 0;
export const customer = () => ({ name: "Ada", email: `ada${String(++made)}@example.com` });

export const effects = async () => (await rows(t, "customers")).length;
