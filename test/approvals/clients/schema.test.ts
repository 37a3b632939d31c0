/** The schemas in the list know the call that waits, for the callers whose calls may. */
import { describe, expect, test } from "vitest";
import { issueKey, listTools } from "../../support/gate";
import { shop } from "../freshShop";

describe("the schema of an answer", () => {
  interface Listed {
    readonly name: string;
    readonly outputSchema: {
      readonly properties: Record<string, { enum?: string[] }>;
      readonly required?: string[];
    };
  }
  const statesFor = async (key: string) => {
    const tools = (await listTools(shop.t, key)) as unknown as Listed[];
    return Object.fromEntries(
      tools
        .filter(({ name }) => !name.startsWith("jobs_"))
        .map(({ name, outputSchema: { properties, required = [] } }) => [
          name,
          [...(properties.state?.enum ?? []), ...required].join(),
        ]),
    );
  };
  const byLine = {
    ...{ buy: "awaiting_approval", always: "awaiting_approval", look: "awaiting_approval" },
    ...{ asks: "awaiting_approval", slow: "working,awaiting_approval" },
  };

  test("knows the call that waits where the line says so, for every caller", async () => {
    const none = { plain: "paid", read: "price,role" };
    expect(await statesFor(shop.key)).toMatchObject({ ...none, ...byLine });
  });

  test("and for a caller under a rule, of the key or the role, also there, and not in the library's own tools", async () => {
    const { t, key } = shop;
    const before = (await listTools(t, key)).filter(({ name }) => name.startsWith("jobs_"));
    const ruled = await issueKey(t, { subject: "ruled", approval: ["pl*"] });
    expect(await statesFor(ruled.key)).toMatchObject({
      ...{ ...byLine, plain: "awaiting_approval", read: "price,role" },
    });
    const [role] = await t.run((ctx) => ctx.db.query("toolgateRoles").collect());
    await t.run((ctx) => ctx.db.patch("toolgateRoles", role!._id, { approval: ["*"] }));
    const { key: bound } = await issueKey(t, { subject: "bound", role: role!.name });
    const all = await statesFor(bound);
    expect(Object.values(all).every((one) => one.endsWith("awaiting_approval"))).toBe(true);
    const own = (await listTools(t, bound)).filter(({ name }) => name.startsWith("jobs_"));
    expect(before).toEqual(expect.arrayContaining(own));
  });
});
