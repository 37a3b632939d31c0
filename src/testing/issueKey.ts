/** Issues keys for tests, by the action that operators use. */
import { makeFunctionReference } from "convex/server";
import { randomText } from "../auth/random";
import type { IssuedKey } from "../operate/mintKey";
import type { KeyArguments, TestBackend } from "./backend";

/** A key as `keys create` takes it, with a name of its own. */
export type TestKey = Omit<KeyArguments, "name"> & { readonly name?: string };

/**
 * Makes a key, with all that the app checks when it makes one: its role, its tenant and its subject must exist.
 *
 * If TOOLGATE_PEPPERS is unset, it is set to a random pepper for the rest of the process, and TOOLGATE_CALL_LOG to `off`.
 *
 * @param t - what `convexTest(schema, modules)` returns.
 * @param fields - such as `{ role: "viewer", tenant: "acme" }`.
 * @param dir - the folder of the glue, seen from `convex/`.
 * @returns the whole key.
 * @throws ConvexError `invalid_arguments`, which names the field.
 */
export const issueKey = async (
  t: TestBackend,
  fields: TestKey,
  dir = "toolgate",
): Promise<string> => {
  process.env.TOOLGATE_CALL_LOG ??= "off";
  process.env.TOOLGATE_PEPPERS ??= `test:${await randomText(32)}`;
  const createKey = makeFunctionReference<"action", KeyArguments, IssuedKey>(
    `${dir}/admin:createKey`,
  );
  return (await t.action(createKey, { name: "test", ...fields })).key;
};
