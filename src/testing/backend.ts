/** What the helpers for tests need of convex-test. The package brings none; its version is the app's choice. */
import type { FunctionReference } from "convex/server";
import type { KeyEnv } from "../auth/keyFormat";
import type { NewKey } from "../operate/createKey";
import type { IssuedKey } from "../operate/mintKey";

/** The arguments of the action `createKey`. */
export type KeyArguments = NewKey & { env?: KeyEnv };

/** What `convexTest(schema, modules)` returns, as far as it is used. convex-test 0.0.41 and later have it. */
export interface TestBackend {
  readonly action: (
    reference: FunctionReference<"action", "public", KeyArguments, IssuedKey>,
    args: KeyArguments,
  ) => Promise<IssuedKey>;
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>;
}
