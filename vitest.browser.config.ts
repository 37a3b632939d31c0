/** `npm run browser`: the pages in a real Chromium, which must be installed. The console must be built: `npm run build`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/browser/*.browser.ts"],
    globalSetup: ["test/browser/chromium.ts"],
    pool: "threads",
    // Each file has a deployment of its own, and all share one Chromium.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 90_000,
    // A page asks its server, and the machine may be busy.
    expect: { poll: { timeout: 10_000 } },
    server: { deps: { inline: ["convex-test"] } },
  },
});
