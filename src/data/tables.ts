/** The tables of the gate, to be spread into the app's schema: `defineSchema({ ...toolgateTables, … })`. */
import { defineTable } from "convex/server";
import { v } from "convex/values";
import {
  auditOutcomeValidator,
  constraintsValidator,
  jobEventValidator,
  jobStateValidator,
  keyEnvValidator,
  progressValidator,
} from "./values";

/** By what a call with an idempotency key is found again, and what it must match. */
const idempotencyFields = {
  /** tenant, subject and tool: a key never replays for someone else. */
  scope: v.string(),
  /** SHA-256 of the client's key: it may hold anything, a secret among it. */
  key: v.string(),
  /** SHA-256 of the canonical arguments. */
  fingerprint: v.string(),
};

export const toolgateTables = {
  /** API keys. The secret is nowhere: `hash` is HMAC-SHA-256(pepper `pepperId`, key), base64url. */
  toolgateKeys: defineTable({
    keyId: v.string(),
    env: keyEnvValidator(),
    pepperId: v.string(),
    hash: v.string(),
    name: v.string(),
    subject: v.string(),
    tenant: v.string(),
    role: v.string(),
    /** If set, only these tools, and only as far as the role allows them. */
    tools: v.optional(v.array(v.string())),
    constraints: v.optional(constraintsValidator()),
    createdAt: v.number(),
    expiresAt: v.number(),
    revokedAt: v.optional(v.number()),
    revokedReason: v.optional(v.string()),
    /** Set by rotation: the key this one took over from; the one that took over, and until when this one still works. */
    replaces: v.optional(v.string()),
    replacedBy: v.optional(v.string()),
    graceUntil: v.optional(v.number()),
  })
    .index("by_keyId", ["keyId"])
    .index("by_tenant", ["tenant"]),

  /** Roles: an explicit set of permissions, no wildcards (NIST RBAC). */
  toolgateRoles: defineTable({ name: v.string(), permissions: v.array(v.string()) }).index(
    "by_name",
    ["name"],
  ),

  /** Token buckets, sharded so that parallel calls of one key do not conflict. A missing row is a full shard. */
  toolgateBuckets: defineTable({
    name: v.string(),
    shard: v.number(),
    tokens: v.number(),
    at: v.number(),
  }).index("by_name_shard", ["name", "shard"]),

  /** One append-only row per admitted or denied call. */
  toolgateAudit: defineTable({
    at: v.number(),
    method: v.string(),
    tool: v.optional(v.string()),
    /** The URI of a resource or the name of a prompt. */
    target: v.optional(v.string()),
    /** Redacted. What is longer than 2,048 characters is cut, and `digest` is SHA-256 of all that the redaction left. */
    arguments: v.optional(v.string()),
    digest: v.optional(v.string()),
    keyId: v.optional(v.string()),
    subject: v.optional(v.string()),
    tenant: v.optional(v.string()),
    role: v.optional(v.string()),
    outcome: auditOutcomeValidator(),
    /** Why: a denial's reason or a tool's error code. */
    reason: v.optional(v.string()),
    /** When an action's outcome was written. */
    settledAt: v.optional(v.number()),
    protocol: v.string(),
    /** Hints from the client, not proof. */
    client: v.optional(v.string()),
    ip: v.optional(v.string()),
  })
    .index("by_keyId", ["keyId"])
    .index("by_keyId_subject", ["keyId", "subject"])
    .index("by_tenant", ["tenant"])
    .index("by_outcome", ["outcome"]),

  /** Results of mutations that were called with an idempotency key. The newest row of a key counts. */
  toolgateIdempotency: defineTable({
    ...idempotencyFields,
    /** The return value as JSON text; absent if it was too long to keep. */
    result: v.optional(v.string()),
    expiresAt: v.number(),
  })
    .index("by_scope_key", ["scope", "key"])
    .index("by_expiresAt", ["expiresAt"]),

  /** States of multi-round calls that have had their effect. */
  toolgateUsedStates: defineTable({ nonce: v.string(), expiresAt: v.number() })
    .index("by_nonce", ["nonce"])
    .index("by_expiresAt", ["expiresAt"]),

  /** Requests to a 2025 client that wait for its answer. */
  toolgateQuestions: defineTable({
    /** Random; the JSON-RPC id of the request. */
    requestId: v.string(),
    tenant: v.string(),
    subject: v.string(),
    /** The client's response as JSON text. */
    response: v.optional(v.string()),
    expiresAt: v.number(),
  })
    .index("by_requestId", ["requestId"])
    .index("by_expiresAt", ["expiresAt"]),

  /** Long operations: one row per call of an action tool. */
  toolgateJobs: defineTable({
    /** Random; what clients call a job or a task by. */
    jobId: v.string(),
    tool: v.string(),
    /** As JSON text, until a worker has taken the job: a row has at most 1 MiB, and the result needs room too. */
    arguments: v.optional(v.string()),
    keyId: v.string(),
    subject: v.string(),
    tenant: v.string(),
    role: v.string(),
    /** The client's session, and the JSON-RPC id of the call as JSON text: `notifications/cancelled` names it. */
    session: v.optional(v.string()),
    requestId: v.optional(v.string()),
    /** Of a call with an idempotency key. The newest job of a key counts. */
    idempotency: v.optional(v.object(idempotencyFields)),
    /** The call's audit row. */
    operation: v.id("toolgateAudit"),
    state: jobStateValidator(),
    /** Of a tool that may ask: until the job has ended. */
    input: v.optional(
      v.object({
        can: v.array(v.string()),
        /** What was answered, and what is still open, as JSON text. */
        answers: v.string(),
        requests: v.optional(v.string()),
      }),
    ),
    progress: v.optional(progressValidator()),
    /** The newest reports, for requests that watch. */
    events: v.array(jobEventValidator()),
    cancelRequested: v.boolean(),
    /** How many requests have waited for it. */
    watchers: v.number(),
    /** Until when the worker must be heard of again. */
    leaseUntil: v.number(),
    /** Of a job that succeeded: its return value as JSON text; absent if it was too long to keep. */
    result: v.optional(v.string()),
    failure: v.optional(v.object({ code: v.string(), message: v.string() })),
    createdAt: v.number(),
    updatedAt: v.number(),
    expiresAt: v.number(),
  })
    .index("by_jobId", ["jobId"])
    .index("by_keyId_requestId_state", ["keyId", "requestId", "state"])
    .index("by_idempotency", ["idempotency.scope", "idempotency.key"])
    .index("by_expiresAt", ["expiresAt"]),

  /** Requests that stay open while they wait. A lease that is not renewed ends by itself. */
  toolgateStreamLeases: defineTable({ keyId: v.string(), expiresAt: v.number() }).index(
    "by_expiresAt",
    ["expiresAt"],
  ),
};
