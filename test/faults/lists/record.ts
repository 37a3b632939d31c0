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
  {
    what: "seals made anew over changed rows look like any others",
    file: "src/operate/record/late.ts",
    from: "seal.at - since > LATE_MS",
    to: "seal.at - since > 9 * LATE_MS",
    test: "test/operate/record/late.test.ts",
  },
  {
    what: "seals that a kept head vouches for count as late for ever",
    file: "src/operate/record/verifyAudit.ts",
    from: "seal.seq > page.keptTo && ",
    to: "",
    test: "test/operate/record/late.test.ts",
  },
  {
    what: "every row gets a seal of its own while there is little traffic",
    file: "src/jobs/tendRecord.ts",
    from: " && next._creationTime <= now - SEALED_AT_MS",
    to: "",
    test: "test/operate/record/sealing.test.ts",
  },
  {
    what: "retention runs for each row that it writes itself",
    file: "src/jobs/tendRecord.ts",
    from: " - PRUNED_AT_MS;",
    to: ";",
    test: "test/operate/record/prune.test.ts",
  },
  {
    what: "a forged seal at the front stops retention",
    file: "src/auth/dueSeals.ts",
    from: 'seal.to >= before && (await conditionOf(keys, seal)) === "good"',
    to: "seal.to >= before",
    test: "test/operate/record/marks.test.ts",
  },
  {
    what: "a mark hides rows from retention for ever",
    file: "src/auth/dueSeals.ts",
    from: "[stayingSince(db, now - AGAIN_MS), stayingFrom(db, now)]",
    to: "[stayingSince(db, now - AGAIN_MS)]",
    test: "test/operate/record/marks.test.ts",
  },
  {
    what: "a mark that no key made is not named",
    file: "src/operate/record/seal.ts",
    from: 'conditionOfMark("stays", keys, seal)) !== "good"',
    to: 'conditionOfMark("stays", keys, seal)) === "unchecked"',
    test: "test/operate/record/marks.test.ts",
  },
  {
    what: "a row that was imported into the future is not named",
    file: "src/operate/record/verifyAudit.ts",
    from: "page.faults.push(...(await outsideFaults(db, Date.now(), meter)));",
    to: "",
    test: "test/operate/record/verify.test.ts",
  },
];
