/** A call, as the HTTP action passes it to the admission. */
import { v, type Infer } from "convex/values";
import type { Sent } from "../base/defined";
import { inputValidator } from "./arguments";

/** The validator of `Target`. */
export const targetValidator = () =>
  v.object({
    kind: v.union(v.literal("tool"), v.literal("resource"), v.literal("prompt")),
    /** The name of a tool or prompt, the URI of a resource. */
    name: v.string(),
  });

/** The tool, resource or prompt that a call names. */
export type Target = Infer<ReturnType<typeof targetValidator>>;

/** The part of a `requestState` that the admission checks. The HTTP action has verified its signature. */
const carriedValidator = () =>
  v.object({
    nonce: v.string(),
    boundTo: v.string(),
    jobId: v.optional(v.string()),
  });

export type Carried = Infer<ReturnType<typeof carriedValidator>>;

/** A fault of the request itself, the same for every caller: see mcp/faults.ts and mcp/call/fault.ts. */
const faultValidator = () =>
  v.union(
    /** Any other fault, as the error that tells of it. */
    v.object({
      kind: v.literal("malformed"),
      /** For the audit log. */
      reason: v.string(),
      /** The code of the JSON-RPC error. */
      code: v.number(),
      message: v.string(),
      /** HTTP. */
      status: v.optional(v.number()),
      headers: v.optional(v.record(v.string(), v.string())),
      /** JSON text. */
      data: v.optional(v.string()),
    }),
    v.object({
      kind: v.union(
        /** The tool runs only as a task, and the client does not support tasks. */
        v.literal("task_only"),
        /** The signature of the `requestState` is wrong, or the state has expired. */
        v.literal("bad_state"),
        v.literal("answers_too_long"),
      ),
    }),
  );

export type Fault = Infer<ReturnType<typeof faultValidator>>;

const failureValidator = () => v.object({ code: v.string(), message: v.string() });

/** How a tool failed: a code for programs, a message for people and models. */
export type Failure = Infer<ReturnType<typeof failureValidator>>;

const streamValidator = () =>
  v.object({
    /** Whether it waits for work to end, or only listens for changes. */
    purpose: v.union(v.literal("work"), v.literal("listening")),
    /** When it ends at the latest, in ms since 1970. */
    endsAt: v.number(),
    /** True if it need not wait: without a place it is answered at once. */
    isOptional: v.optional(v.literal(true)),
  });

/** How long a request stays open, and what for. */
export type Stream = Infer<ReturnType<typeof streamValidator>>;

/** The validator of `Call`. */
export const callValidator = () =>
  v.object({
    /** The JSON-RPC method, or a text such as `http/GET` for a request without one. */
    method: v.string(),
    /** The MCP revision of the request. */
    protocol: v.string(),
    /** When the request arrived, in ms since 1970. */
    receivedAt: v.optional(v.number()),
    target: v.optional(targetValidator()),
    /** The tool's arguments as JSON text, because Convex values do not allow every member name that JSON does. */
    arguments: v.optional(v.string()),
    idempotencyKey: v.optional(v.string()),
    /** Of a call in a batch whose key is that of the header: the tools that the other messages call. */
    sharesKeyWith: v.optional(v.array(v.string())),
    /** Of a request that stays open while it waits, and needs a stream lease for that; null if it has one from an earlier round. */
    stream: v.optional(v.union(streamValidator(), v.null())),
    /** Of a call that can be cancelled: the client's session, and the JSON-RPC id as JSON text. */
    session: v.optional(v.string()),
    requestId: v.optional(v.string()),
    /** Of a call to an entry that may ask: the kinds of requests that the client can answer, its answers, and its `requestState`. */
    input: v.optional(
      v.object({ ...inputValidator().fields, state: v.optional(carriedValidator()) }),
    ),
    /** Reported only to a caller who may make the call. */
    fault: v.optional(faultValidator()),
    /** How the tool failed in an admission that undid itself. Set by the HTTP action for the second admission, which runs nothing. */
    failure: v.optional(failureValidator()),
    /** The name that the client gives itself: a hint, not proof. */
    client: v.optional(v.string()),
    /**
     * Of a message that counts as a fraction of a request against the limits: a handshake or the end of a connection, or a notification.
     * A notification gets no answer.
     */
    minor: v.optional(v.union(v.literal("handshake"), v.literal("notification"))),
    /** The parent of the call in the client's trace (W3C Trace Context). */
    traceparent: v.optional(v.string()),
  });

/** A call, from the HTTP action to the admission. */
export type Call = Sent<Infer<ReturnType<typeof callValidator>>>;
