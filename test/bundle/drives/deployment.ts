/** Stands in for the deployment behind the HTTP actions: its environment, and its functions, answered by name. */
import { convexToJson, jsonToConvex, type Value } from "convex/values";

/** A function's answer; `nth` counts the calls of this function, from 0. May throw. */
type Answering = (args: Readonly<Record<string, unknown>>, nth: number) => unknown;

/** `kind path:name` → its answers: what is called as something that it is not fails, as on Convex. */
export type Functions = Readonly<Record<string, Answering>>;

/** A call that was made. */
export interface Called {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export const PEPPER = "p".repeat(32);

export const ALLOWED_ORIGIN = "https://app.example.com";

export const SITE_URL = "https://a.convex.site";

export const env = {
  TOOLGATE_CALL_LOG: "off",
  TOOLGATE_PEPPERS: `1:${PEPPER}`,
  TOOLGATE_ALLOWED_ORIGINS: ALLOWED_ORIGIN,
  CONVEX_SITE_URL: SITE_URL,
};

const CALL = /^1\.0\/actions\/(query|mutation|action)$/;

/** More calls than any request makes. A loop that does not see that its client has left would ask for ever, in no time at all. */
export const MAX_CALLS = 1_000;

/** The functions as Convex's syscalls, and a record of what was called. */
export const deployment = (functions: Functions) => {
  const calls: Called[] = [];
  const syscall = (op: string, text: string): string => {
    const kind = CALL.exec(op)?.[1];
    const { name: path, args = {} } = JSON.parse(text) as {
      name?: string;
      args?: Parameters<typeof jsonToConvex>[0];
    };
    const name = kind === undefined || path === undefined ? op : `${kind} ${path}`;
    const nth = calls.filter((call) => call.name === name).length;
    const given = jsonToConvex(args) as Called["args"];
    calls.push({ name, args: given });
    if (calls.length > MAX_CALLS)
      throw new Error(`asked Convex more than ${String(MAX_CALLS)} times`);
    const answer = functions[name];
    if (answer === undefined) throw new Error(`asked Convex for ${name}`);
    return JSON.stringify(convexToJson(answer(given, nth) as Value));
  };
  return { calls, syscall };
};
