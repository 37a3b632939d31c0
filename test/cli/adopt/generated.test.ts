/** What `toolgate init` generates exports all that the library makes. */
import { expect, test } from "vitest";
import { generated } from "../../../cli/glue/files";
import { chain } from "../../../convex/toolgate/chain";
import { app as erp } from "../../../convex/toolgate/tools";
import { adminModule } from "../../../src/entry/admin";
import { connectModule } from "../../../src/entry/connections";
import { gateModule } from "../../../src/entry/gate";
import { jobsModule } from "../../../src/entry/jobs";
import { readingModule } from "../../../src/entry/reading";
import { workerModule } from "../../../src/entry/worker";

test("what the generated files export is what the factories make", () => {
  const made = {
    gate: gateModule(erp, chain),
    jobs: jobsModule(erp),
    reading: readingModule(erp),
    worker: workerModule(erp),
    admin: adminModule(erp),
    connect: connectModule(erp),
  };
  for (const [file, { exports }] of Object.entries(generated))
    expect([file, [...exports]]).toEqual([file, Object.keys(made[file as never] as object).sort()]);
});
