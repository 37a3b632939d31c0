/** The tools of the registry, as data. Light on purpose, because `http.ts` imports it: no schema, no function body, no zod. */
import type { FunctionReference, FunctionVisibility } from "convex/server";
import type { Json } from "../base/json";
import type { AnyReference, Declares, DeclaresKey, DeclaresPage } from "./declares";
import type { Entries } from "./entries";
import type { Icon } from "./icons";

/** Whether a client can be shown this name of a tool: 1 to 64 letters, digits, `_` or `-`. */
export const isToolName = (name: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(name);

export type ToolKind = "query" | "mutation" | "action";

/** The fields that every tool states. */
interface Spec<P extends string> {
  /** The permission that the caller's role must hold. */
  readonly permission: P;
  /** Tells the model what the tool does and when to use it. Static text, never data. */
  readonly description: string;
  /** A short name for people, with the verb first: "Search customers". Default: made of the name, "Customers search". */
  readonly title?: string;
  /** True if the tool changes or reads what is not the app's own: the public, or somebody else's service. Default: false. */
  readonly openWorld?: boolean;
  /** Pictures, for clients that show them. */
  readonly icons?: readonly Icon[];
  /**
   * What the tool says in `_meta`, for clients that look for a key there, such as `anthropic/alwaysLoad`. Not a key that the server sets
   * by itself.
   */
  readonly meta?: Readonly<Record<string, Json>>;
  /**
   * The most characters that a result may have, as JSON. Default: 48,000, which fits all clients. More is said to Claude Code, which
   * otherwise puts the result into a file. At most 262,144.
   */
  readonly maxResultChars?: number;
  /**
   * Argument → its description for the model, since `v` has none. A path leads into an argument: `address.city`, `lines.*.quantity`.
   */
  readonly arguments?: Readonly<Record<string, string>>;
  /**
   * True if arguments that do not fit are only explained. Otherwise those that can stand for one value only are mended, such as null
   * for an argument that is left out, and the function runs.
   */
  readonly exactArguments?: boolean;
  /**
   * True exactly if the function takes `paginationOpts`. Clients then send `cursor` and `limit` (1 to 100, default 20) in its place.
   * What the function returns stays as it is.
   */
  readonly paginated?: boolean;
  /** The URI of a view among the resources: clients that can show it do so for each result. The result stays as it is. */
  readonly ui?: string;
  /**
   * States that somebody must approve a call before it runs: `true` each call, a query those for which it says so. The query gets what the
   * function gets, so give it the function's own validators, and returns what `approvalValidator` of `toolgate/functions` describes. A ConvexError of it refuses the call. Any other
   * error is a fault of the server, and nothing runs.
   */
  readonly approval?: true | FunctionReference<"query", "internal">;
  /** Argument → the end of the header name `Mcp-Param-…` that repeats it, for routing in a proxy. Never for secrets. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The fields that a tool that writes states in addition (MCP `annotations`, 2025-03-26 and later). */
interface WriteSpec<P extends string> extends Spec<P> {
  /** True if the tool may overwrite, remove or commit to something; false if it only adds. */
  readonly destructive: boolean;
  /** True if a second call with the same arguments changes nothing more. */
  readonly idempotent: boolean;
}

/** One tool, as an entry of the registry: one function and its fields. */
export interface Tool<P extends string = string> extends Spec<P> {
  readonly kind: ToolKind;
  readonly ref: FunctionReference<ToolKind, FunctionVisibility>;
  readonly principal?: boolean;
  readonly job?: boolean;
  /** True if it may ask the client for input. */
  readonly input?: boolean;
  readonly maxInline?: number;
  readonly precheck?: FunctionReference<"query", "internal">;
  readonly taskOnly?: boolean;
  /** True if a function that writes declares an argument `idempotencyKey` of its own. It then gets the key that the gate reads there. */
  readonly idempotencyKey?: boolean;
  readonly destructive?: boolean;
  readonly idempotent?: boolean;
}

/** Tool name → tool. Use it as an annotation: `const tools: Tools<Permission> = { orders_get: () => tool.query(…) }`. */
export type Tools<P extends string = string> = Entries<Tool<P>>;

/** The fields that a tool that is an action can state in addition. */
interface JobSpec<P extends string> extends WriteSpec<P> {
  /** Seconds after which a call is answered with the job's id instead of its result. Default: as long as its client waits, 50 or 280 s. */
  readonly maxInline?: number;
  /**
   * A query that runs before the job starts. It takes the same arguments, without `job`. It may refuse the call, or ask for input
   * while nothing has begun. The action gets the same answers.
   */
  readonly precheck?: FunctionReference<"query", "internal">;
  /** True if only clients with the tasks extension may call the tool, because it takes too long for a request to wait for it. */
  readonly taskOnly?: boolean;
}

interface Specs<P extends string> {
  readonly query: Spec<P>;
  readonly mutation: WriteSpec<P>;
  readonly action: JobSpec<P>;
}

/** Forbids the fields that `bind` sets, because a spec with its own would replace them. */
interface Unbound {
  readonly kind?: never;
  readonly ref?: never;
}

/** What a tool that writes says of an argument `idempotencyKey`. */
type Keeps<Kind extends ToolKind, Ref extends AnyReference> = Kind extends "query"
  ? unknown
  : DeclaresKey<Ref>;

const bind =
  <Kind extends ToolKind>(kind: Kind) =>
  <const P extends string, Ref extends FunctionReference<Kind, FunctionVisibility>>(
    ref: Ref,
    spec: Specs<P>[Kind] & Declares<Ref> & Keeps<Kind, Ref> & DeclaresPage<Ref> & Unbound,
  ): Tool<P> => ({ kind, ref, ...spec });

/**
 * Binds a function as a tool, internal or public. The tool's name is its key in the registry. Its schema comes from the function's own validators.
 *
 * A query is announced as read-only. The effect, idempotency record and audit row of a mutation commit together. An action runs as a
 * durable job. Whether the function exists is not checked here: the catalog does that.
 */
export const tool = {
  query: bind("query"),
  mutation: bind("mutation"),
  action: bind("action"),
};
