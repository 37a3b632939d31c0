/// <reference types="vite/client" />
import { convexTest } from "convex-test";
import { expect, test } from "vitest";
import { api } from "./_generated/api";
import schema from "./schema";

const modules = import.meta.glob("./**/*.ts");

test("an email address is taken once", async () => {
  const t = convexTest(schema, modules);
  const contact = { name: "Ada", email: "ada@example.com" };
  await t.mutation(api.contacts.create, contact);
  await expect(t.mutation(api.contacts.create, contact)).rejects.toThrow("already exists");
});
