/** Lint: strict types everywhere, Convex's own rules, and the borders between src/ and the rest. */
import convex from "@convex-dev/eslint-plugin";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import { missing, stubs } from "./test/bundle/runtime/globals.js";

const tests = ["test/**", "**/*.test.ts", "**/*.test-d.ts"];

const isPublic = "Every Convex function here is internal: only http.ts faces the world.";
const library = "The library must work in any app's Convex runtime.";
const doors = "The app comes in by the doors of the library: src/entry/.";
const noIdentity = "The caller is known by its API key, never by an identity from elsewhere.";
const notInConvex = "Convex's runtime does not have it.";

const oneRunner =
  "From an action, run functions by src/runner/runner.ts: it knows Convex's overload.";
const runs = "/^run(Query|Mutation|Action)$/";

const syntax = [
  {
    selector: "MemberExpression[property.name=/^(auth|getUserIdentity|authToken)$/]",
    message: noIdentity,
  },
  {
    selector: "ObjectPattern > Property[key.name=/^(auth|getUserIdentity|authToken)$/]",
    message: noIdentity,
  },
  {
    selector: ":not(MemberExpression[property.name='env']) > Identifier[name='process']",
    message: "Convex has nothing of `process` but `process.env`.",
  },
  {
    selector:
      ":matches(Program, ExportNamedDeclaration) > VariableDeclaration > * > Literal[regex.pattern=/\\\\p\\{/]",
    message:
      "Put it into a function: V8 reads Unicode's tables for it, and Convex evaluates modules for every call.",
  },
];

/** cli/ and local/ run in Node. */
const inConvex = { files: ["src/**/*.ts", "convex/**/*.ts"], ignores: tests };

export default defineConfig(
  globalIgnores([
    ".toolgate/",
    "dist/",
    "convex/erp/viewPages.*",
    "**/convex/_generated/",
    "bench/",
    ".ci/weight/beside/",
    "test/adoption/foreign/",
    "test/adoption/apps/",
    "test/adoption/proofs/",
  ]),
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { project: ["./tsconfig.json", "./console/tsconfig.json"] } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      // Convex's middleware and handlers are async by their type, whether they wait or not.
      "@typescript-eslint/require-await": "off",
      // Convex takes no interface for arguments.
      "@typescript-eslint/consistent-type-definitions": "off",
      // `{ [keyword: string]: … }` says what the key is; `Record` cannot.
      "@typescript-eslint/consistent-indexed-object-style": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // tsc finds them (`noUnusedLocals`), and knows that `typeof` uses a validator.
      "@typescript-eslint/no-unused-vars": "off",
    },
  },
  convex.configs.recommended,
  {
    files: ["convex/**/*.ts"],
    rules: {
      // For rows that the same transaction has just written or counted.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@convex-dev/import-wrong-runtime": "error",
      "@convex-dev/no-filter-in-query": "error",
      "@convex-dev/no-top-of-hour-crons": "error",
      "@convex-dev/no-collect-in-query": "error",
      "no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "convex/server",
              importNames: ["queryGeneric", "mutationGeneric", "actionGeneric"],
              message: isPublic,
            },
          ],
          patterns: [
            { regex: "^(\\.\\./)+src/(?!entry/)", message: doors },
            {
              regex: "/_generated/server$",
              importNames: ["query", "mutation", "action"],
              message: isPublic,
            },
          ],
        },
      ],
    },
  },
  {
    files: ["src/**/*.ts"],
    ignores: tests,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { regex: "^(\\.\\./)+(cli|convex|local)(/|$)", message: library },
            { regex: "^node:", message: library },
          ],
        },
      ],
    },
  },
  {
    ...inConvex,
    rules: {
      "no-restricted-globals": [
        "error",
        ...missing.map((name) => ({ name, message: notInConvex })),
        ...stubs.map((name) => ({ name, message: "A stub in Convex's runtime." })),
      ],
      "no-restricted-syntax": ["error", ...syntax],
    },
  },
  {
    files: ["src/**/*.ts"],
    ignores: [...tests, "src/runner/runner.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...syntax,
        // A transaction is `tx`; what it runs is part of it.
        {
          selector: `MemberExpression[property.name=${runs}]:not([object.name='tx'])`,
          message: oneRunner,
        },
        { selector: `ObjectPattern > Property[key.name=${runs}]`, message: oneRunner },
      ],
    },
  },
  {
    files: ["{cli,console,convex,local,src}/**/*.{ts,tsx}"],
    ignores: tests,
    rules: {
      "max-lines": ["error", 250],
      "max-lines-per-function": ["error", 60],
    },
  },
  {
    files: tests,
    rules: {
      "max-lines": ["error", 250],
      // A test reads answers as JSON, and fails where they are not what it takes them for.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/prefer-promise-reject-errors": "off",
    },
  },
  { files: ["**/*.js"], extends: [tseslint.configs.disableTypeChecked] },
);
