/** The tables behind OAuth: connections, device codes and documents of clients. Times are in ms since 1970. */
import { defineTable } from "convex/server";
import { v } from "convex/values";
import { accessValidator, clientValidator, fixedValidator } from "./values";

/** Table name → definition. */
export const connectTables = {
  /**
   * Connections of agents. Each is a grant of OAuth and a child of a key: the key gives subject, tenant, role, constraints and limits,
   * and the grant only narrows them. No code and no token is stored: `codeHash` and `hash` are HMAC-SHA-256 under a pepper.
   */
  toolgateGrants: defineTable({
    grantId: v.string(),
    keyId: v.string(),
    /** Those of the key, which never change. */
    tenant: v.string(),
    subject: v.string(),
    client: clientValidator(),
    access: accessValidator(),
    /** If set, the connection allows only these tools, and only if key and role allow them too. */
    tools: v.optional(v.array(v.string())),
    /** Arguments that the server fills in, beside those of the key. */
    fixed: v.optional(fixedValidator()),
    /** Until the code is redeemed: what the redemption must match. */
    redirectUri: v.optional(v.string()),
    challenge: v.optional(v.string()),
    codeExpiresAt: v.optional(v.number()),
    /** Kept after the redemption, so that a second one is noticed. Absent for a device, which has no code. */
    codeHash: v.optional(v.string()),
    /** From the redemption on: the hash of the family secret, which all tokens of the grant carry, and its pepper. */
    pepperId: v.optional(v.string()),
    hash: v.optional(v.string()),
    /** The number of the refresh token that counts. It grows by one with each rotation. */
    generation: v.number(),
    rotatedAt: v.optional(v.number()),
    createdAt: v.number(),
    expiresAt: v.number(),
    revokedAt: v.optional(v.number()),
    revokedReason: v.optional(v.string()),
    /** When the sweep deletes the row. */
    forgetAt: v.number(),
  })
    .index("by_grantId", ["grantId"])
    .index("by_keyId", ["keyId"])
    .index("by_keyId_revokedAt_expiresAt", ["keyId", "revokedAt", "expiresAt"])
    .index("by_revokedAt_expiresAt", ["revokedAt", "expiresAt"])
    .index("by_tenant", ["tenant"])
    .index("by_tenant_subject_revokedAt_expiresAt", ["tenant", "subject", "revokedAt", "expiresAt"])
    .index("by_forgetAt", ["forgetAt"]),

  /** Codes of the device flow (RFC 8628) that wait for a person. */
  toolgateDeviceCodes: defineTable({
    deviceId: v.string(),
    /** HMAC-SHA-256 of the code that the person types. */
    userCodeHash: v.string(),
    client: clientValidator(),
    access: accessValidator(),
    /** Set by the person: the grant that was made, or that it was refused. */
    grantId: v.optional(v.string()),
    isDenied: v.optional(v.boolean()),
    /** The shortest time between two polls, in ms. */
    intervalMs: v.number(),
    polledAt: v.optional(v.number()),
    expiresAt: v.number(),
  })
    .index("by_deviceId", ["deviceId"])
    .index("by_userCodeHash", ["userCodeHash"])
    .index("by_expiresAt", ["expiresAt"]),

  /** Documents that clients publish of themselves (Client ID Metadata Documents), as they were last fetched. */
  toolgateClientDocuments: defineTable({
    url: v.string(),
    /** Absent if the client has no usable document. */
    document: v.optional(v.object({ name: v.string(), redirectUris: v.array(v.string()) })),
    fetchedAt: v.number(),
    freshUntil: v.number(),
  })
    .index("by_url", ["url"])
    .index("by_fetchedAt", ["fetchedAt"]),
};
