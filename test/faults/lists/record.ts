/** The audit log that can be checked: its seals, their check, and retention. */
import type { Fault } from "../fault";

export const record: readonly Fault[] = [
  {
    what: "whoever puts in a seal stops the sealing",
    file: "src/auth/newestSeal.ts",
    from: 'if (condition === "good") return',
    to: "if (seal.seq > 0) return",
    test: "test/operate/record/forged.test.ts",
  },
  {
    what: "a seal from beyond the present is followed once the keys were replaced",
    file: "src/auth/newestSeal.ts",
    from: "  to <= now &&\n",
    to: "",
    test: "test/operate/record/forged.test.ts",
  },
  {
    what: "a page of the check reads whatever somebody has put in",
    file: "src/operate/record/verifyAudit.ts",
    from: "bytes >= PAGE_BYTES;",
    to: "bytes < 0;",
    test: "test/operate/record/forged.test.ts",
  },
  {
    what: "the check begins with the seals above zero",
    file: "src/operate/record/place.ts",
    from: 'q.gte("seq", -Infinity)',
    to: 'q.gte("seq", 0)',
    test: "test/operate/record/forged.test.ts",
  },
];
