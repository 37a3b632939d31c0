/** A server with a key, and messages of the 2025 revisions. */
import { expect } from "vitest";
import { issueKey, newServer } from "../../support/gate";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

export const t = await newServer();
export const { key } = await issueKey(t);

/** What the ERP says of itself. Revisions before 2025-11-25 know fewer members, and allow all. */
export const serverInfo = {
  name: "toolgate-erp",
  version: "0.1.0",
  title: "Toolgate ERP",
  description: expect.stringMatching(/^.{20,100}$/),
  websiteUrl: "https://some.convex.site/mcp",
  icons: [{ src: "https://some.convex.site/icon.png", mimeType: "image/png", sizes: ["128x128"] }],
};

/** What a model should know first: what it answers, ids, what cannot be undone, repeated calls, jobs. */
export const checkInstructions = (text: unknown): void => {
  expect(text).toMatch(/^[^]{400,1500}$/);
  for (const word of [
    "ERP",
    "questions",
    "ids",
    "minor units",
    "undone",
    "idempotencyKey",
    "jobs_get",
  ])
    expect(text).toContain(word);
};

export const LEGACY = ["2025-03-26", "2025-06-18", "2025-11-25"];

export const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
export const header = (version: string) => ({ "MCP-Protocol-Version": version });

export const initialize = (protocolVersion: unknown, more: object = {}) => ({
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: {
    protocolVersion,
    capabilities: { roots: { listChanged: true }, sampling: {} },
    clientInfo: { name: "test", version: "1" },
    ...more,
  },
});
