/** Approvals that mean no tool any more are told, and nothing is asked where there are none. */
import { afterEach, expect, test, vi } from "vitest";
import { tellIdle } from "../../cli/operate/idleApproval";
import type { Run } from "../../cli/operate/run";

const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);

afterEach(() => {
  told.mockClear();
});

const asked = vi.fn(async (_name: string) => ({
  tools: [{ name: "orders_get" }, { name: "payments_record" }],
}));
const run = asked as unknown as Run;

test("a tool that was renamed is named, with who put it under approval", async () => {
  await tellIdle(run, [
    { of: "role sales", approval: ["orders_*", "orders_cancel", "invoices_*"] },
    { of: "key k1", approval: ["*", "payments_record"] },
    { of: "key k2", approval: undefined },
  ]);
  expect(told.mock.calls).toEqual([
    [
      "role sales: no tool is called orders_cancel or invoices_*. Was it renamed? It needs no approval now.\n",
    ],
  ]);
  expect(asked.mock.calls).toEqual([["admin:roleMatrix", {}]]);
});

test("without approvals it does not ask for the tools", async () => {
  asked.mockClear();
  await tellIdle(run, [
    { of: "role sales", approval: undefined },
    { of: "role viewer", approval: [] },
  ]);
  expect(asked).not.toHaveBeenCalled();
  expect(told).not.toHaveBeenCalled();
});
