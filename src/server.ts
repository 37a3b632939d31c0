/** What an app tells the library: its name, its tools, and the internal functions that do the database work. */
import type { FunctionReference } from "convex/server";
import type { Admission, Call } from "./admission";
import type { Explain } from "./execute";
import type { Rights } from "./middleware/rbac";
import type { Outcome } from "./outcome";
import type { Principal } from "./principal";
import type { Settlement } from "./settle";
import type { Registry } from "./tools";

/** What the gate must have granted: `apiKeyAuth` and `rbac` do. */
export interface Granted {
  readonly principal: Principal;
  readonly rights: Rights;
}

type Internal<
  Kind extends "query" | "mutation",
  Args extends Record<string, unknown>,
  Returns,
> = FunctionReference<Kind, "internal", Args, Returns>;

/** What the app's gate module exports: pass `internal.gate`. */
export interface GateFunctions {
  /** `internalMutation(admission(…))` */
  readonly admit: Internal<"mutation", { evidence: object; call: Call }, Admission<Granted>>;
  /** `internalQuery(reading(…))` */
  readonly read: Internal<
    "query",
    { tool: string; arguments: string; principal: Principal },
    Outcome
  >;
  /** `internalMutation(settling)` */
  readonly settle: Internal<"mutation", Settlement, null>;
}

/** What the app's catalog module exports: pass `internal.catalog`. */
export interface CatalogFunctions {
  /** `internalQuery(listing(…))`: the tools as JSON text. */
  readonly list: Internal<"query", Record<string, never>, string>;
  /** `internalQuery(explaining(…))` */
  readonly explain: Explain;
}

export interface McpServer {
  /** Shown to clients as `serverInfo`. */
  readonly name: string;
  readonly version: string;
  /** For the model: what this server is for. */
  readonly instructions?: string;
  readonly tools: Registry;
  readonly gate: GateFunctions;
  readonly catalog: CatalogFunctions;
}
