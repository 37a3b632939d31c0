/** What the shop's tools are called with, and the newest call as a decision leaves it. */
import type { Doc } from "../../../convex/_generated/dataModel";
import { newest, type Shop } from "../setup";

/** Why the shop holds such a call. */
export const REASON = "above your limit of 100 EUR";
export const goods = { thing: "desk", count: 20 };
export const argsOf = (name: string) =>
  ["look", "read"].includes(name) ? { thing: "desk" } : goods;

/** Changes the row of the newest call, as a decision does. */
export const settle = async ({ t }: Shop, change: Partial<Doc<"toolgateJobs">>) => {
  const { _id } = await newest(t);
  await t.run((ctx) => ctx.db.patch("toolgateJobs", _id, change));
};

/** The fields of a call that somebody has decided on. */
export const decidedOn = async ({ t }: Shop, verdict: "approved" | "denied", note?: string) => {
  const { approval } = await newest(t);
  const decision = { verdict, by: "Olga", how: "app" as const, at: 1_000, ...(note && { note }) };
  return { approval: { ...approval!, decision } };
};
