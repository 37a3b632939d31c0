/** A new app with the tools of notes.ts before each test, and short ways to call them. */
import { afterEach, beforeEach, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { issueKey, rows, type Backend, type ToolResult } from "../../support/gate";
import type { Front } from "../../support/app";
import { newApp } from "./app";
import * as notes from "./notes";

// Not what is tested here, and a sharded bucket may refuse before it is empty.
process.env.TOOLGATE_LIMIT_SCALE = "1000";

export let t: Backend;
export let key: string;
export let tenantId: string;

export const begin = async (front?: Front, jobs?: object) => {
  t = newApp(front, jobs);
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  tenantId = (await rows(t, "tenants"))[0]!._id;
  ({ key } = await issueKey(t));
};

beforeEach(async () => {
  notes.mail.runs = 0;
  notes.mail.send = () => Promise.resolve("sent");
  await begin();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

export const textOf = ({ content }: ToolResult) => content[0]!.text;

export const lastRow = async () => (await rows(t, "toolgateAudit")).at(-1);
