/** The door for an app's own tests with convex-test: a key, and calls over HTTP as an agent makes them. */
export type { TestBackend } from "../testing/backend";
export { callTool, listTools, type CallOptions, type TestResult } from "../testing/callTool";
export { issueKey, type TestKey } from "../testing/issueKey";
