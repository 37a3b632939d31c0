/** Runs functions of a deployment over HTTP, as Convex's own program does. `npx convex run` takes seconds for each call. */
import { ConvexHttpClient } from "convex/browser";
import { ConvexError, convexToJson, type Value } from "convex/values";
import { Refusal } from "../serve/refusal";
import type { Access } from "./deployKey";

/**
 * What Convex's client has for its own program, from convex 1.31 on at least. Its types leave both out, since they are not promised.
 *
 * @see get-convex/convex-js src/browser/http_client.ts
 */
interface WithAdmin {
  setAdminAuth(key: string): void;
  function(name: string, componentPath: undefined, args: object): Promise<Value>;
}

/** Makes of an error what the page shows. What Convex says of a key that may not do this is text for people. */
const refusalOf = (error: unknown, url: string): Refusal => {
  if (error instanceof ConvexError) {
    const { code, message } = (error.data ?? {}) as { code?: unknown; message?: unknown };
    if (typeof code === "string" && typeof message === "string") return new Refusal(code, message);
  }
  if (error instanceof TypeError) return new Refusal("unreachable", `No answer from ${url}`);
  return new Refusal("failed", error instanceof Error ? error.message : String(error));
};

/**
 * Makes the function that runs functions by their whole names, such as `toolgate/admin:listKeys`.
 *
 * @returns a value in Convex's JSON encoding. The function throws Refusal for every failure.
 */
export const runsOn = ({ url, key }: Access) => {
  const options = { skipConvexDeploymentUrlCheck: true, logger: false } as const;
  const client = new ConvexHttpClient(url, options) as unknown as WithAdmin;
  client.setAdminAuth(key);
  return async (name: string, args: object): Promise<unknown> => {
    try {
      return convexToJson(await client.function(name, undefined, args));
    } catch (error) {
      throw refusalOf(error, url);
    }
  };
};
