/** `npm test`: black box tests in test/, unit tests beside the code. Type tests (`*.test-d.ts`) belong to `npm run types`. */
import path from "node:path";
import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "src/**/*.test.ts", "examples/**/*.test.ts"],
    // The examples import the package by its name.
    alias: [{ find: /^toolgate\/(\w+)$/, replacement: path.resolve("src/entry/$1.ts") }],
    exclude: [...configDefaults.exclude, "test/adoption/apps/**"],
    setupFiles: ["test/support/observer/setup.ts"],
    pool: "threads",
    // One per core of a small machine; left to itself, vitest keeps one core idle.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // convex-test finds the Convex functions by Vite's `import.meta.glob`.
    server: { deps: { inline: ["convex-test"] } },
  },
});
