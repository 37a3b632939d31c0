import { defineApp } from "convex/server";
import { v } from "convex/values";

export default defineApp({
  env: {
    /** `id:secret[,id:secret…]`: the first hashes new keys, all verify. Secrets have at least 32 characters. */
    TOOLGATE_PEPPERS: v.optional(v.string()),
    /** Comma-separated origins of web pages that may call /mcp. */
    TOOLGATE_ALLOWED_ORIGINS: v.optional(v.string()),
    /** Multiplies every rate limit; 1 when unset. */
    TOOLGATE_LIMIT_SCALE: v.optional(v.string()),
  },
});
