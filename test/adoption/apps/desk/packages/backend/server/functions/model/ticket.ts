import { v } from "convex/values";

export const status = v.union(v.literal("open"), v.literal("waiting"), v.literal("closed"));
export const priority = v.union(v.literal("low"), v.literal("high"));
