/** The tables of the gate. Spread them into the app's schema: `defineSchema({ ...toolgateTables, … })`. Times are in ms since 1970. */
import { defineTable } from "convex/server";
import { v } from "convex/values";
import { heldValidator } from "./approval";
import { auditFields } from "./auditFields";
import { connectTables } from "./connectTables";
import { statsTables } from "./statsTables";
import { recordTables } from "./recordTables";
import {
  constraintsValidator,
  fixedValidator,
  jobEventValidator,
  jobStateValidator,
  keyEnvValidator,
  progressValidator,
} from "./values";

/** The fields that find an earlier call with the same idempotency key, and that the arguments must match. */
const idempotencyFields = {
  /** Tenant, subject and tool, as JSON text. So a key never replays for another caller or tool. */
  scope: v.string(),
  /** SHA-256 of the client's idempotency key. The key itself is not kept, because a client may have put a secret into it. */
  key: v.string(),
  /** SHA-256 of the canonical arguments. */
  fingerprint: v.string(),
};

/** Table name → definition. */
export const toolgateTables = {
  ...connectTables,
  ...statsTables,
  ...recordTables,

  /**
   * API keys. The secret is not stored: `hash` is HMAC-SHA-256(pepper `pepperId`, key), base64url. The key of a signed-in user of the
   * app has no secret and neither field; it is only the parent of connections.
   */
  toolgateKeys: defineTable({
    keyId: v.string(),
    env: keyEnvValidator(),
    pepperId: v.optional(v.string()),
    hash: v.optional(v.string()),
    name: v.string(),
    subject: v.string(),
    tenant: v.string(),
    role: v.string(),
    /** If set, the key allows only these tools, and only if the role allows them too. */
    tools: v.optional(v.array(v.string())),
    constraints: v.optional(constraintsValidator()),
    /** The arguments that the server fills in: no client sees or sends them. */
    fixed: v.optional(fixedValidator()),
    /** True if the agent works without a user: it is never asked, and its own word counts where others are asked. */
    unattended: v.optional(v.boolean()),
    /** True if the key may only read: of the tools it may call queries alone. */
    readOnly: v.optional(v.boolean()),
    /** Names of tools, or beginnings of names with a `*`, whose calls somebody must approve. All keys of a subject have the same. */
    approval: v.optional(v.array(v.string())),
    createdAt: v.number(),
    expiresAt: v.number(),
    revokedAt: v.optional(v.number()),
    revokedReason: v.optional(v.string()),
    /** Set by rotation: the id of the key before, the id of the key after, and the time until which this key still works. */
    replaces: v.optional(v.string()),
    replacedBy: v.optional(v.string()),
    graceUntil: v.optional(v.number()),
  })
    .index("by_keyId", ["keyId"])
    .index("by_tenant", ["tenant"])
    .index("by_tenant_subject", ["tenant", "subject"])
    .index("by_subject_revokedAt_tenant", ["subject", "revokedAt", "tenant"])
    .index("by_role_revokedAt_expiresAt", ["role", "revokedAt", "expiresAt"])
    .index("by_revokedAt_expiresAt", ["revokedAt", "expiresAt"]),

  /** Roles. Each is an explicit set of permissions, without wildcards (NIST RBAC). */
  toolgateRoles: defineTable({
    name: v.string(),
    permissions: v.array(v.string()),
    /** As in the row of a key. */
    approval: v.optional(v.array(v.string())),
  }).index("by_name", ["name"]),

  /** Token buckets of the rate limits, in shards, so that parallel calls of one key conflict less. A missing row is a full shard. */
  toolgateBuckets: defineTable({
    name: v.string(),
    shard: v.number(),
    tokens: v.number(),
    at: v.number(),
  }).index("by_name_shard", ["name", "shard"]),

  /** The audit log: one row per admitted or denied call, a second one when its job ends, and one per change of an operator. */
  toolgateAudit: defineTable({
    at: v.number(),
    ...auditFields(),
  })
    .index("by_operation", ["operation"])
    .index("by_keyId", ["keyId"])
    .index("by_keyId_subject", ["keyId", "subject"])
    .index("by_grantId_subject", ["grantId", "subject"])
    .index("by_tenant", ["tenant"])
    .index("by_outcome", ["outcome"]),

  /** Results of mutations that were called with an idempotency key. The newest row for a key counts. */
  toolgateIdempotency: defineTable({
    ...idempotencyFields,
    /** The operation of the call that had the effect. */
    operation: v.string(),
    /** The return value as JSON text; absent if it was too long to keep. */
    result: v.optional(v.string()),
    expiresAt: v.number(),
  })
    .index("by_scope_key", ["scope", "key"])
    .index("by_expiresAt", ["expiresAt"]),

  /** Nonces of multi-round calls that are done. They cannot be repeated. */
  toolgateUsedStates: defineTable({ nonce: v.string(), expiresAt: v.number() })
    .index("by_nonce", ["nonce"])
    .index("by_expiresAt", ["expiresAt"]),

  /** Requests to clients of the 2025 revisions that wait for an answer. */
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

  /** Jobs: one row per call of a tool that is an action, and per call that somebody must approve. */
  toolgateJobs: defineTable({
    /** Random. Clients name the job or task by it. */
    jobId: v.string(),
    tool: v.string(),
    /**
     * The arguments as JSON text, until the worker of the job is heard of after its start; until the job has ended if the tool may
     * ask. A job that goes on in another action gets them back. A call that waits for its approval has them, and a query that was
     * approved keeps them: it runs when its answer is read. A row has at most 1 MiB, and the result needs room too.
     */
    arguments: v.optional(v.string()),
    keyId: v.string(),
    grantId: v.optional(v.string()),
    subject: v.string(),
    tenant: v.string(),
    role: v.string(),
    /** The client's session, and the JSON-RPC id of the call as JSON text. `notifications/cancelled` names them. */
    session: v.optional(v.string()),
    requestId: v.optional(v.string()),
    /** Set for a call with an idempotency key. The newest job for a key counts. */
    idempotency: v.optional(v.object(idempotencyFields)),
    /** The operation of the call that started the job, and the parent of that call in the client's trace. */
    operation: v.string(),
    traceparent: v.optional(v.string()),
    state: jobStateValidator(),
    /** Set for a tool that may ask, until the job has ended. `can` lists the kinds of requests that the client can answer. */
    input: v.optional(
      v.object({
        can: v.array(v.string()),
        /** The answers so far, and the requests that are still open, as JSON text. */
        answers: v.string(),
        requests: v.optional(v.string()),
      }),
    ),
    progress: v.optional(progressValidator()),
    /** Set for a call that somebody must approve. */
    approval: v.optional(heldValidator()),
    /** The names of the arguments that the key fixed when the job was admitted. */
    fixed: v.optional(v.array(v.string())),
    /** Where the next part begins, as JSON text; as long as `arguments`. Absent in the first part. */
    checkpoint: v.optional(v.string()),
    /** The newest reports, for the requests that watch the job. */
    events: v.array(jobEventValidator()),
    /** The random name of the worker that has the job. */
    worker: v.optional(v.string()),
    cancelRequested: v.boolean(),
    /** How many requests have waited for the job. */
    watchers: v.number(),
    /** The time by which the worker must start or report, or the client must answer. */
    leaseUntil: v.number(),
    /** The return value of a job that succeeded, as JSON text; absent if it was too long to keep. */
    result: v.optional(v.string()),
    failure: v.optional(v.object({ code: v.string(), message: v.string() })),
    createdAt: v.number(),
    updatedAt: v.number(),
    expiresAt: v.number(),
  })
    .index("by_jobId", ["jobId"])
    .index("by_keyId_requestId_state", ["keyId", "requestId", "state"])
    .index("by_idempotency", ["idempotency.scope", "idempotency.key"])
    .index("by_state", ["state"])
    .index("by_tenant_state", ["tenant", "state"])
    .index("by_tenant_state_subject", ["tenant", "state", "subject"])
    .index("by_approval_call", ["approval.call"])
    .index("by_approval_settledAt", ["approval.settledAt"])
    .index("by_expiresAt", ["expiresAt"]),

  /** Leases of open streams. A lease that is not renewed ends by itself. */
  toolgateStreamLeases: defineTable({
    keyId: v.string(),
    grantId: v.optional(v.string()),
    tenant: v.string(),
    /** Whether the stream only listens for changes. */
    listens: v.boolean(),
    /** The time by which its request ends in any case; `expiresAt` is never later. */
    endsAt: v.number(),
    expiresAt: v.number(),
  }).index("by_expiresAt", ["expiresAt"]),
};
