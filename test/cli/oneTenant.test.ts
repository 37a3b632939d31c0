/** An app with one tenant has no word for it: neither in tables nor in the fields of a key. */
import { expect, test } from "vitest";
import { keyDetails, keyTable } from "../../cli/operate/keyText";
import { tenantTable } from "../../cli/operate/print";
import { internal } from "../../convex/_generated/api";
import { newApp } from "../support/app";
import { issueKey } from "../support/gate";

const infoOf = async (changes: object) => {
  const t = newApp({ registry: { tools: {} } });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  const { keyId } = await issueKey(t);
  return { ...(await t.query(internal.toolgate.admin.getKey, { keyId })), ...changes };
};

test("keys name their tenants only if there are some", async () => {
  const named = await infoOf({});
  const alone = await infoOf({ tenant: "main" });
  expect(keyTable([named])).toMatch(/^keyId +tenant +role/);
  expect(keyTable([named, alone])).toContain("acme");
  expect(keyTable([alone])).not.toMatch(/tenant|main/);
  expect(keyDetails(named)).toMatch(/^tenant +acme$/m);
  expect(keyDetails(alone)).not.toMatch(/tenant|main/);
});

test("so do all tables", () => {
  const head = ["at", "tenant", "key"];
  expect(
    tenantTable(head, [
      ["1", "", "k"],
      ["2", "main", "l"],
    ]),
  ).toBe("at  key\n1   k\n2   l");
  expect(
    tenantTable(head, [
      ["1", "", "k"],
      ["2", "acme", "l"],
    ]),
  ).toBe("at  tenant  key\n1           k\n2   acme    l");
  expect(tenantTable(head, [])).toBe("at  tenant  key");
});
