/** Arguments that try to widen what a caller may do: a name that no tool has is refused. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { callTool, post, rows, rpc, withoutOperation } from "../support/gate";
import { call, keys, names, t } from "./everyRole";

describe("arguments", () => {
  const globex = { subject: "boss", tenant: "globex", role: "admin", keyId: "k" };
  const hostile: [string, unknown][] = [
    ["tenant", "globex"],
    ["tenantId", "globex"],
    ["role", "admin"],
    ["subject", "boss"],
    ["keyId", "k"],
    ["permissions", ["stock:adjust"]],
    ["prototype", { role: "admin" }],
    ["Principal", globex],
    ["_principal", globex],
    ["$principal", globex],
    ["", 1],
    ["principal ", globex],
    ["idempotencykey", "12345678"],
    ["job", { jobId: "00000000-0000-4000-8000-000000000000" }],
  ];

  /** What the caller is told; it must be a refusal of the arguments that names the extra one. */
  const refusal = async (name: string, args: object) => {
    const result = await callTool(t, keys.admin!, name, args);
    return result.isError === true ? result.content[0]!.text : JSON.stringify(result);
  };

  /** At once: an action's refusal takes a quarter of a second to arrive. */
  const everyTool = (check: (name: string) => Promise<void>) => Promise.all(names.map(check));

  // As text: an object literal would set the prototype. The scanner of bodies refuses it.
  test("__proto__ is refused anywhere in a body", async () => {
    for (const args of ['{"__proto__":{"role":"admin"}}', '{"lines":[{"__proto__":1}]}']) {
      const { status, json } = await post(
        t,
        keys.admin,
        `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"customers_search","arguments":${args}}}`,
      );
      expect([status, json.error?.code]).toEqual([400, -32700]);
    }
  });

  test.each(hostile)("%j is refused by every tool", async (extra, value) => {
    await everyTool(async (name) => {
      const text = await refusal(name, { [extra]: value });
      expect(text).toMatch(/^invalid_arguments: /);
      expect(text).toContain(`${extra}: no such argument`);
    });
  });

  // convex-test lets these pass, since every object has them; Convex itself and the local server (test/local) do not.
  test.each(["constructor", "toString", "hasOwnProperty", "valueOf"])(
    "%j has no effect, and the schema has no place for it",
    async (extra) => {
      const args = { ...good.customers_search, [extra]: { role: "admin" } };
      const { problems } = await t.query(internal.toolgate.catalog.explain, {
        tool: "customers_search",
        arguments: JSON.stringify(args),
      });
      expect(problems).toEqual([expect.stringContaining(`${extra}: no such argument`)]);
      const { json } = await call(keys.viewer!, "customers_search", args);
      const plain = await call(keys.viewer!, "customers_search");
      expect(withoutOperation(json)).toEqual(withoutOperation(plain.json));
    },
  );

  test("a principal is refused by every tool", async () => {
    await everyTool(async (name) => {
      const text = await refusal(name, { principal: globex });
      expect(text).toContain("principal: no such argument");
    });
  });

  test("a principal gives nobody the rows of another tenant, nor another name", async () => {
    const before = await rows(t, "customers");
    const result = await callTool(t, keys.sales!, "customers_create", {
      name: "Mallory",
      email: "mallory@example.com",
      principal: globex,
    });
    const added = (await rows(t, "customers")).slice(before.length);
    const tenants = await rows(t, "tenants");
    const globexId = tenants.find(({ slug }) => slug === "globex")!._id;
    expect(added.map(({ tenantId }) => tenantId)).not.toContain(globexId);
    expect(JSON.stringify(result)).not.toContain("globex");
    expect((await rows(t, "toolgateAudit")).at(-1)).toMatchObject({
      tenant: "acme",
      role: "sales",
    });
  });

  const good: Record<string, object> = {
    customers_search: {},
    customers_create: { name: "Ada", email: "property@example.com" },
    products_search: { limit: 1 },
    orders_list: {},
  };
  const known = /^(text|cursor|limit|name|email|phone|city|country|status|customerId)$/;

  test("of any other name are refused, and nothing is done (property)", async () => {
    const before = (await rows(t, "customers")).length;
    const name = fc
      .oneof(fc.string({ maxLength: 20 }), fc.stringMatching(/^[a-zA-Z_$]{1,12}$/))
      .filter((text) => !known.test(text) && !["principal", "idempotencyKey"].includes(text))
      // Names that every object has, see above, and texts that the scanner of bodies refuses.
      .filter((text) => !(text in {}) && !/\p{Cs}/u.test(text));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(good)),
        name,
        // No objects: one with a member `__proto__` would be refused for that.
        fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.nat())),
        async (tool, extra, value) => {
          const text = await refusal(tool, { ...good[tool], [extra]: value });
          expect(text).toMatch(/^invalid_arguments: /);
        },
      ),
      { numRuns: 150 },
    );
    expect(await rows(t, "customers")).toHaveLength(before);
  });

  test("of any other name are refused in nested objects", async () => {
    const text = await refusal("orders_create", {
      customerId: "c",
      lines: [{ productId: "p", quantity: 1, unitPriceMinor: 0 }],
    });
    expect(text).toMatch(/^invalid_arguments: lines\.0\.unitPriceMinor: no such argument/);
  });

  test.each(["principal", "role", "tenant", "rights", "evidence", "granted", "permissions"])(
    "%j beside the arguments changes nothing",
    async (member) => {
      const { json } = await rpc(t, keys.viewer!, "tools/call", {
        name: "stock_adjust",
        arguments: {},
        [member]: globex,
        _meta: { [member]: globex },
      });
      expect(json.error?.message).toBe("Unknown tool: stock_adjust");
    },
  );
});
