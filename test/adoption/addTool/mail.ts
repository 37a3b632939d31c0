/** The action `mail_send`: short ways to call it, to hold it, and to see what is kept of it. */
import { expect, vi } from "vitest";
import { post, rows, type ToolResult } from "../../support/gate";
import * as notes from "./notes";
import { key, t } from "./setup";

export const outcomesOfMail = async () =>
  (await rows(t, "toolgateAudit"))
    .filter(({ tool }) => tool === "mail_send")
    .map(({ outcome, reason }) => reason ?? outcome);

export const json = { accept: "application/json" };

/** Calls for an answer in JSON; an action answers with a stream else. */
export const call = async (name: string, args: object): Promise<ToolResult> => {
  const reply = await post(
    t,
    key,
    { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } },
    json,
  );
  if (reply.json.result === undefined) throw new Error(`no result: ${reply.text}`);
  return reply.json.result as unknown as ToolResult;
};

export const pending = () => {
  let finish!: (receipt: string) => void;
  notes.mail.send = () => new Promise((resolve) => (finish = resolve));
  return (receipt: string) => {
    finish(receipt);
  };
};
export const started = () =>
  vi.waitFor(() => {
    expect(notes.mail.runs).toBe(1);
  });

export const jobOf = async () => (await rows(t, "toolgateJobs")).at(-1)!;
