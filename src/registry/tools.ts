/** The registry: tools as data. Light on purpose, since `http.ts` imports it: no schema, no function body, no zod. */
import type { FunctionReference, FunctionVisibility } from "convex/server";
import type { Declares } from "./declares";
import type { Entries } from "./entries";

export type ToolKind = "query" | "mutation" | "action";

/** What every line of the registry states. */
interface Spec<P extends string> {
  /** What the caller's role must hold. */
  readonly permission: P;
  /** For the model: what the tool does and when to use it. Static text, never data. */
  readonly description: string;
  /** For people: a short name. */
  readonly title?: string;
  /** Argument → what it is, for the model. For arguments in `v`, which cannot say it themselves. */
  readonly arguments?: Readonly<Record<string, string>>;
  /** Argument → name of the header `Mcp-Param-…` that repeats it, for routing on the way. Never for secrets. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a tool that writes states on top (MCP `annotations`, 2025-03-26 and later). */
interface WriteSpec<P extends string> extends Spec<P> {
  /** True if it may overwrite, remove or commit to something; false if it only adds. */
  readonly destructive: boolean;
  /** True if calling it again with the same arguments changes nothing more. */
  readonly idempotent: boolean;
}

/** One tool: one internal function and what the gate must know of it. */
export interface Tool<P extends string = string> extends Spec<P> {
  readonly kind: ToolKind;
  readonly ref: FunctionReference<ToolKind, FunctionVisibility>;
  readonly principal?: boolean;
  readonly job?: boolean;
  /** It may ask the client for input. */
  readonly input?: boolean;
  readonly maxInline?: number;
  readonly precheck?: FunctionReference<"query", "internal">;
  readonly taskOnly?: boolean;
  readonly destructive?: boolean;
  readonly idempotent?: boolean;
}

/** Tool name → tool. Annotate with it: `const tools: Tools<Permission> = { orders_get: () => tool.query(…) }`. */
export type Tools<P extends string = string> = Entries<Tool<P>>;

/** What a tool that may run for minutes can state. */
interface JobSpec<P extends string> extends WriteSpec<P> {
  /** Seconds after which a call is answered with the job's id instead of its result; as long as a stream may last unless stated. */
  readonly maxInline?: number;
  /**
   * A query that takes the same arguments, less `job`, and runs before the job is started: it may refuse the call, or ask for input
   * while nothing has begun. What was answered reaches the action too.
   */
  readonly precheck?: FunctionReference<"query", "internal">;
  /** Only for clients with the tasks extension: one that takes so long that no request should wait for it. */
  readonly taskOnly?: boolean;
}

interface Specs<P extends string> {
  readonly query: Spec<P>;
  readonly mutation: WriteSpec<P>;
  readonly action: JobSpec<P>;
}

/** What binding adds: a spec that brought its own would replace it. */
interface Unbound {
  readonly kind?: never;
  readonly ref?: never;
}

const bind =
  <Kind extends ToolKind>(kind: Kind) =>
  <const P extends string, Ref extends FunctionReference<Kind, "internal">>(
    ref: Ref,
    spec: Specs<P>[Kind] & Declares<Ref> & Unbound,
  ): Tool<P> => ({ kind, ref, ...spec });

/**
 * Binds an internal function as a tool. The name is the key in the registry; the schema comes from the function's own
 * validators. A query is announced as read-only; a mutation's effect, idempotency record and audit row commit together; an action
 * runs as a durable job.
 */
export const tool = {
  query: bind("query"),
  mutation: bind("mutation"),
  action: bind("action"),
};
