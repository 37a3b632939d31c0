/** The test files that put a module of their own in the place of one of the product's, for all who imported it. ../alone.test.ts finds them. */
export const alone = [
  "test/cli/audit.test.ts",
  "test/injected/points.test.ts",
  "test/jobs/overload.test.ts",
  "test/mcp/overloadAfter.test.ts",
  "test/mcp/overloadLease.test.ts",
];
