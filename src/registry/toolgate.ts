/** What an app tells the library of itself: data only, since `http.ts` is evaluated for every request. */
import type { FunctionReference } from "convex/server";
import type { Prompts } from "./prompts";
import type { Registry } from "./registry";
import type { Resources } from "./resources";
import type { Tools } from "./tools";

/** An app as the library knows it: what `defineToolgate` returns. */
export interface Toolgate extends Registry {
  readonly name: string;
  readonly version: string;
  readonly instructions?: string | undefined;
  readonly permissions: readonly string[];
  readonly roles: () => Readonly<Record<string, readonly string[]>>;
  readonly tenants?: Tenants | undefined;
  /** The folder of the glue, seen from `convex/`. */
  readonly dir: string;
  readonly streamSeconds?: number | undefined;
}

/** For an app whose rows belong to tenants. */
export interface Tenants {
  /** Whether there is such a tenant: no key is made for one that does not exist. */
  readonly exists: () => FunctionReference<"query", "internal", { slug: string }, boolean>;
}

/** `P` is what the app permits at all, `Q` what its lines and roles use of it. */
export interface Definition<P extends string, Q extends P> {
  /** Shown to clients as `serverInfo`. */
  readonly name: string;
  readonly version: string;
  /** For the model: what this server is for. */
  readonly instructions?: string;
  /** Every permission there is, such as `orders:read`. */
  readonly permissions: readonly P[];
  /**
   * Role → permissions, written to the database when the first key is created or the first role set. From then on roles are changed
   * there. A function, like every line of the registry: http.ts does not need it.
   */
  readonly roles: () => Readonly<Record<string, readonly Q[]>>;
  readonly tools: Tools<Q>;
  readonly resources?: Resources<Q>;
  readonly prompts?: Prompts<Q>;
  /** Absent for an app with one tenant: then keys are made without stating one. */
  readonly tenants?: Tenants;
  /** The folder of the glue, seen from `convex/`; `toolgate` unless stated. */
  readonly dir?: string;
  /** How long a stream may last, in seconds; 300 unless stated. Convex ends an HTTP action after 1,800. */
  readonly streamSeconds?: number;
}

/**
 * Defines the app for the glue: `export const app: Toolgate = defineToolgate({ … })`. Annotate it, since its tools refer to the modules
 * that import it.
 *
 * Not checked here: whether each tool's function exists and can be described. The catalog tells that.
 */
export const defineToolgate = <const P extends string, const Q extends P>(
  definition: Definition<P, Q>,
): Toolgate => ({
  dir: "toolgate",
  ...definition,
});
