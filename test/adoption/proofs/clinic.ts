/// <reference types="vite/client" />
import { convexTest } from "convex-test";
import { expect, test } from "vitest";
import { callTool, issueKey, listTools } from "toolgate/test";
import schema from "./schema";

const modules = import.meta.glob("./**/*.*s");

const begin = async () => {
  const t = convexTest(schema, modules);
  for (const [name, role] of [
    ["ada", "doctor"],
    ["bob", "doctor"],
    ["nora", "nurse"],
  ] as const)
    await t.run((ctx) =>
      ctx.db.insert("users", { tokenIdentifier: `https://clinic|${name}`, name, role }),
    );
  const keyOf = (subject: string) => issueKey(t, { role: "admin", subject });
  return { t, keyOf };
};

const CARL = { name: "Carl", bornOn: "1980-01-01" };

test("row-level security holds for agents", async () => {
  const { t, keyOf } = await begin();
  const ada = await keyOf("ada");
  expect((await callTool(t, ada, "agents_admit", CARL)).isError).toBe(false);
  expect((await callTool(t, ada, "agents_list")).structuredContent).toMatchObject({
    result: [{ name: "Carl" }],
  });
  expect((await callTool(t, await keyOf("bob"), "agents_list")).structuredContent).toEqual({
    result: [],
  });
  const refused = await callTool(t, await keyOf("nora"), "agents_admit", CARL);
  expect(refused.isError).toBe(true);
  expect(refused.text).toContain("Only doctors admit patients");
  const stranger = await callTool(t, await keyOf("eve"), "agents_list");
  expect(stranger.isError).toBe(true);
});

test("an argument named principal is the app's own, and a write happens once", async () => {
  const { t, keyOf } = await begin();
  const ada = await keyOf("ada");
  const admitted = await callTool(t, ada, "agents_admit", CARL);
  const patientId = admitted.structuredContent?.result;
  const visit = {
    patientId,
    principal: "His sister",
    note: "A cold.",
    idempotencyKey: "visit-one",
  };
  expect((await callTool(t, ada, "visits_record", visit)).isError).toBe(false);
  await callTool(t, ada, "visits_record", visit);
  const rows = await t.run((ctx) => ctx.db.query("visits").collect());
  expect(rows).toMatchObject([{ principal: "His sister" }]);
  const audit = await t.run((ctx) => ctx.db.query("toolgateAudit").collect());
  const calls = audit.filter(({ tool }) => tool !== undefined);
  expect(calls.map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded", "replayed"]);
});

test("a wrong argument is named", async () => {
  const { t, keyOf } = await begin();
  const wrong = await callTool(t, await keyOf("ada"), "visits_record", { patientId: "none" });
  expect(wrong.isError).toBe(true);
  expect(wrong.text).toContain("principal");
});

test("the app's own routes answer as before", async () => {
  const { t, keyOf } = await begin();
  expect(await (await t.fetch("/health")).text()).toBe("ok");
  expect((await listTools(t, await keyOf("ada"))).map(({ name }) => name).sort()).toEqual([
    "agents_admit",
    "agents_list",
    "visits_record",
  ]);
});
