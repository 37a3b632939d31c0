/** Approvals: that a held call runs once, as it was seen, after a yes of somebody allowed. */
import type { Fault } from "../fault";

export const approvals: readonly Fault[] = [
  {
    what: "a yes counts for what changed since it was seen",
    file: "src/approvals/decide.ts",
    from: "if (seen !== claimed)",
    to: 'if (seen === "")',
    test: "test/approvals/deciding/refused.test.ts",
  },
  {
    what: "a user approves a call of the own agent",
    file: "src/approvals/decide.ts",
    from: 'if (how === "app") await requireOther(tx, job, by);',
    to: "",
    test: "test/approvals/ownDoor.test.ts",
  },
  {
    what: "a call is decided on twice",
    file: "src/approvals/decide.ts",
    from: "  requireWaiting(job);\n",
    to: "",
    test: "test/approvals/deciding/refused.test.ts",
  },
  {
    what: "a rehearsal has an effect",
    file: "src/gate/rehearse.ts",
    from: 'if (!forGood || outcome.state !== "succeeded")',
    to: 'if (outcome.state !== "succeeded")',
    test: "test/approvals/holding/checkedFirst.test.ts",
  },
  {
    what: "any number of calls may wait",
    file: "src/gate/hold.ts",
    from: "if (full !== undefined) return full;",
    to: "",
    test: "test/approvals/holding/sameCall.test.ts",
  },
  {
    what: "a tool runs with other arguments than its rule was asked about",
    file: "src/run/explain.ts",
    from: "tool?.approval !== undefined || mended === undefined",
    to: "mended === undefined",
    test: "test/approvals/holding/checkedFirst.test.ts",
  },
  {
    what: "an approved call runs though its idempotency key has had its effect",
    file: "src/approvals/perform.ts",
    from: 'if (earlier !== undefined && earlier.state !== "started")',
    to: 'if (earlier !== undefined && earlier.state !== "started" && dir === "")',
    test: "test/approvals/deciding/approval.test.ts",
  },
];
