import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { keyTables } from "./keys";

export default defineSchema({
  ...keyTables,
  users: defineTable({
    tokenIdentifier: v.string(),
    name: v.string(),
    role: v.union(v.literal("doctor"), v.literal("nurse")),
  }).index("by_token", ["tokenIdentifier"]),
  patients: defineTable({
    doctorId: v.id("users"),
    name: v.string(),
    bornOn: v.string(),
  }).index("by_doctor", ["doctorId"]),
  visits: defineTable({
    patientId: v.id("patients"),
    principal: v.string(),
    note: v.string(),
  }).index("by_patient", ["patientId"]),
  // Background work of our own.
  jobs: defineTable({ kind: v.string(), runAt: v.number(), done: v.boolean() }).index("by_done", [
    "done",
  ]),
  roles: defineTable({ name: v.string() }),
  audit: defineTable({ what: v.string() }),
});
