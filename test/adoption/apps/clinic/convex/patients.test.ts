/// <reference types="vite/client" />
import { convexTest } from "convex-test";
import { expect, test } from "vitest";
import { api } from "./_generated/api";
import schema from "./schema";

const modules = import.meta.glob("./**/*.ts");

test("a doctor sees their own patients", async () => {
  const t = convexTest(schema, modules);
  for (const name of ["ada", "bob"])
    await t.run((ctx) =>
      ctx.db.insert("users", { tokenIdentifier: `https://clinic|${name}`, name, role: "doctor" }),
    );
  const as = (name: string) => t.withIdentity({ tokenIdentifier: `https://clinic|${name}` });
  await as("ada").mutation(api.patients.admit, { name: "Carl", bornOn: "1980-01-01" });
  expect(await as("ada").query(api.patients.list, {})).toHaveLength(1);
  expect(await as("bob").query(api.patients.list, {})).toHaveLength(0);
});
