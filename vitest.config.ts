/**
 * `npm test`: black box tests in test/, unit tests beside the code. `npm run processes`: tests that start servers, compilers, command
 * lines or clients. Type tests (`*.test-d.ts`) belong to `npm run types`.
 */
import path from "node:path";
import { configDefaults, defineConfig } from "vitest/config";
import { alone } from "./test/support/alone.ts";

const exclude = [...configDefaults.exclude, "test/adoption/apps/**"];

export default defineConfig({
  test: {
    // The examples import the package by its name.
    alias: [{ find: /^toolgate\/(\w+)$/, replacement: path.resolve("src/entry/$1.ts") }],
    setupFiles: ["test/support/observer/setup.ts"],
    pool: "threads",
    // One per core of a small machine; left to itself, vitest keeps one core idle.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // convex-test finds the Convex functions by Vite's `import.meta.glob`.
    server: { deps: { inline: ["convex-test"] } },
    projects: [
      {
        extends: true,
        test: {
          name: "together",
          include: ["test/**/*.test.ts", "src/**/*.test.ts", "examples/**/*.test.ts"],
          exclude: [...exclude, ...alone],
          // Half the time of the whole: the product's modules are evaluated once a worker. test/support/observer/fresh.ts begins anew.
          isolate: false,
        },
      },
      { extends: true, test: { name: "alone", include: alone } },
      { extends: true, test: { name: "processes", include: ["test/**/*.process.ts"], exclude } },
    ],
  },
});
