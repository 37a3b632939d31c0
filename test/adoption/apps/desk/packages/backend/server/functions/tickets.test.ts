/// <reference types="vite/client" />
import { convexTest } from "convex-test";
import { expect, test } from "vitest";
import { internal } from "./_generated/api";
import schema from "./schema";

const modules = import.meta.glob("./**/*.ts");

test("numbers count up", async () => {
	const t = convexTest(schema, modules);
	expect(await t.mutation(internal.tickets.mutations.open, { subject: "Printer" })).toBe(1);
	expect(await t.mutation(internal.tickets.mutations.open, { subject: "Door" })).toBe(2);
});
