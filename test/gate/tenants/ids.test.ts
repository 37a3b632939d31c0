/** An id of another tenant is answered like one that is missing, by every tool and in every argument. */
import { describe, expect, test } from "vitest";
import type { TableNames } from "../../../convex/_generated/dataModel";
import { app } from "../../../convex/toolgate/tools";
import { callTool, issueKey, newServer, rows } from "../../support/gate";
import { inputSchemas, keys, ownRows, owner, raw, serveFrom, subjects, t, tenants } from "./setup";
import { idPaths, replaceAt, newJob, goodArgs, tableOf, deletedId } from "./idArguments";

const { tools } = app;

test("every tool that takes an id is covered, but for those that the review let pass", async () => {
  const takers = Object.keys(tools).filter((name) => idPaths(inputSchemas[name]!).length > 0);
  const covered = Object.keys(await goodArgs("acme"));
  const uncovered = takers.filter((name) => !covered.includes(name));
  await expect(uncovered.map((name) => `${name}\n`).join("")).toMatchFileSnapshot(
    "./__snapshots__/uncovered.txt",
  );
  expect(covered).toEqual(takers.filter((name) => covered.includes(name)));
});

describe("an id that is not the caller's own", () => {
  const erpTables = ["customers", "products", "orders", "invoices"] as const;

  test("is answered like one that is missing, for every argument and tool", async () => {
    const acme = await goodArgs("acme");
    const globex = await goodArgs("globex");
    const states = async () =>
      JSON.stringify(
        await Promise.all(
          [...erpTables, "payments", "stockMovements", "stockLevels"].map((table) =>
            rows(t, table as TableNames),
          ),
        ),
      );
    const before = await states();
    let compared = 0;
    for (const [name, args] of Object.entries(acme)) {
      for (const path of idPaths(inputSchemas[name]!)) {
        if (path.at(-1) === "jobId") continue;
        const table = tableOf(path);
        const missing = await raw(
          "acme",
          name,
          replaceAt(args, path, await deletedId(table, "acme")),
        );
        expect(missing.text).toContain(`not_found: No such ${table.slice(0, -1)}.`);
        const valueAt = (value: unknown) =>
          path.reduce((at, step) => (at as Record<string | number, unknown>)[step], value);
        const [tenant] = await rows(t, "tenants");
        const [apiKey] = await rows(t, "toolgateKeys");
        const others = erpTables.filter((other) => other !== table);
        const ids = [
          // Another tenant's: the very id that is good there, all its rows' first and last, a deleted one.
          valueAt(globex[name]) as string,
          (await ownRows(table, "globex"))[0]!._id,
          (await ownRows(table, "globex")).at(-1)!._id,
          await deletedId(table, "globex"),
          // Of other tables, own and foreign.
          ...(await Promise.all(
            others.map(async (other) => (await ownRows(other, "acme"))[0]!._id),
          )),
          ...(await Promise.all(
            others.map(async (other) => (await ownRows(other, "globex"))[0]!._id),
          )),
          tenant!._id,
          apiKey!._id,
          // Of no table.
          " ",
          "x",
          "null",
          "__proto__",
          "0".repeat(32),
          "k".repeat(64),
          "jd7f2m6n5k9p8q3r4s1t0v2w3x4y5z6a",
          "ö\u0000\u202e",
        ];
        for (const id of ids) {
          expect([name, path, id, await raw("acme", name, replaceAt(args, path, id))]).toEqual([
            name,
            path,
            id,
            missing,
          ]);
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(300);
    expect(await states()).toBe(before);
  });

  test("is the reason for these refusals: the same calls with own ids go through", async () => {
    const fresh = await newServer({ demo: true });
    const kept = t;
    const keptSubjects = { ...subjects };
    serveFrom(fresh);
    try {
      for (const { _id, slug } of await rows(t, "tenants")) owner[_id] = slug;
      for (const tenant of tenants) {
        const { key, subject } = await issueKey(t, { tenant });
        subjects[tenant] = subject;
        for (const [name, args] of Object.entries(await goodArgs(tenant))) {
          // Confirming made it another state: only one of the two can succeed.
          if (name === "orders_cancel") continue;
          const result = await callTool(t, key, name, args);
          expect([name, result.isError, result.content]).toEqual([name, undefined, result.content]);
        }
      }
    } finally {
      serveFrom(kept);
      Object.assign(subjects, keptSubjects);
    }
  });

  test.each(["jobs_get", "jobs_cancel"])("of a job is answered so by %s too", async (name) => {
    const colleague = await issueKey(t, { tenant: "acme" });
    const foreign = {
      "another tenant's": await newJob("globex"),
      "a colleague's": await newJob("acme", colleague.subject),
      // The same name of a subject, in another tenant.
      "a namesake's": await newJob("globex", subjects.acme),
      "a customer": (await ownRows("customers", "acme"))[0]!._id,
      "an operation": (await rows(t, "toolgateAudit"))[0]!._id,
      "the row of an own job": (await rows(t, "toolgateJobs")).find(
        ({ subject }) => subject === subjects.acme,
      )!._id,
      nothing: "",
      "a name every object has": "__proto__",
      "an odd text": "\u00f6\u0000\u202e",
    };
    const missing = await raw("acme", name, { jobId: crypto.randomUUID() });
    expect(missing.text).toContain("not_found: No such job.");
    const jobs = await rows(t, "toolgateJobs");
    for (const [whose, jobId] of Object.entries(foreign)) {
      expect([whose, await raw("acme", name, { jobId })]).toEqual([whose, missing]);
    }
    expect(await rows(t, "toolgateJobs")).toEqual(jobs);
    // Whoever they are of can reach them.
    const jobId = foreign["a colleague's"];
    expect((await callTool(t, colleague.key, name, { jobId })).structuredContent?.jobId).toBe(
      jobId,
    );
  });

  test.each(["orders_get", "invoices_get"])(
    "%s by number finds the caller's own, never the other's",
    async (name) => {
      const table = name === "orders_get" ? "orders" : "invoices";
      const { number, _id } = (await ownRows(table, "acme"))[0]!;
      const result = await callTool(t, keys.acme!, name, { number });
      expect(result.structuredContent?.id).toBe(_id);
      const twin = await callTool(t, keys.globex!, name, { number });
      expect(twin.structuredContent?.id).not.toBe(_id);
      const only = await t.run(async (ctx) => {
        const row = (await ctx.db.query(table).collect()).find(
          ({ tenantId }) => owner[tenantId] === "globex",
        )!;
        await ctx.db.patch(row._id as never, { number: "ONLY-1" } as never);
        return "ONLY-1";
      });
      expect(await raw("acme", name, { number: only })).toEqual(
        await raw("acme", name, { number: "NONE-1" }),
      );
    },
  );

  test("products_get by SKU too", async () => {
    const { sku } = (await ownRows("products", "globex"))[0]!;
    expect(await raw("acme", "products_get", { sku })).toEqual(
      await raw("acme", "products_get", { sku: "NO-SUCH" }),
    );
  });
});
