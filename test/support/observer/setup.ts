/** In every test file: what any endpoint sends is checked by the JSON schema of its revision. */
import { afterEach, expect, vi } from "vitest";
import { beginAnew } from "./fresh";
import { faults, observed } from "./observed";

beginAnew();
process.env.TOOLGATE_CALL_LOG = "off";

vi.mock(import("../../../src/middleware/compose"), async (importOriginal) => {
  const actual = await importOriginal();
  const compose = ((...links: readonly []) =>
    (handler: never) =>
      observed(actual.compose(...links)(handler))) as typeof actual.compose;
  return { ...actual, compose };
});

afterEach(() => {
  expect(faults.splice(0)).toEqual([]);
});
