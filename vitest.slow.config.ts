/** `npm run test:slow`: tests that take minutes, one file at a time so that they do not disturb each other's clocks. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.slow.ts"],
    setupFiles: ["test/support/observer/setup.ts"],
    pool: "threads",
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 30_000,
    server: { deps: { inline: ["convex-test"] } },
  },
});
