/** A call: what the HTTP action asks the gate to let in. */
import { v, type Infer } from "convex/values";
import { inputValidator } from "./arguments";

/** What a call names. */
export const targetValidator = () =>
  v.object({
    kind: v.union(v.literal("tool"), v.literal("resource"), v.literal("prompt")),
    /** The name of a tool or prompt, the URI of a resource. */
    name: v.string(),
  });

/** What a call names. */
export type Target = Infer<ReturnType<typeof targetValidator>>;

/** What the gate must know of a state that a call came back with. */
const carriedValidator = () =>
  v.object({
    nonce: v.string(),
    boundTo: v.string(),
    jobId: v.optional(v.string()),
  });

export type Carried = Infer<ReturnType<typeof carriedValidator>>;

/** What is wrong with a call itself, whoever makes it: see mcp/call/fault.ts. */
const faultValidator = () =>
  v.union(
    v.object({ kind: v.literal("header_mismatch"), message: v.string() }),
    v.object({
      kind: v.union(
        /** The tool runs as a task only, and the client knows no tasks. */
        v.literal("task_only"),
        /** The `requestState` was not issued here, or is too old. */
        v.literal("bad_state"),
        v.literal("answers_too_long"),
      ),
    }),
  );

export type Fault = Infer<ReturnType<typeof faultValidator>>;

/** What the dispatcher asks leave for. */
export const callValidator = () =>
  v.object({
    /** The JSON-RPC method, or `http/GET` and the like for a request that carries none. */
    method: v.string(),
    /** The MCP revision the request is spoken in. */
    protocol: v.string(),
    target: v.optional(targetValidator()),
    /** The tool's arguments as JSON text: Convex values do not take every member name that JSON does. */
    arguments: v.optional(v.string()),
    idempotencyKey: v.optional(v.string()),
    /** The request stays open while it waits: it needs a lease on one of the open streams. */
    wantsStreamLease: v.optional(v.boolean()),
    /** The client's session and the JSON-RPC id as JSON text, of a call that can be cancelled. */
    session: v.optional(v.string()),
    requestId: v.optional(v.string()),
    /** Of a call to something that may ask: what the client can answer, has answered, and came back with. */
    input: v.optional(
      v.object({ ...inputValidator().fields, state: v.optional(carriedValidator()) }),
    ),
    /** Told only to a caller who may make the call. */
    fault: v.optional(faultValidator()),
    /** What the client says it is: a hint, not proof. */
    client: v.optional(v.string()),
  });

export type Call = Infer<ReturnType<typeof callValidator>>;
