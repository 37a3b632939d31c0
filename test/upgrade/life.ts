/** A life that leaves rows in every table of the gate: keys, calls, a job, questions, connections. */
import { defineSchema } from "convex/server";
import { expect, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { toolgateTables } from "../../src/entry/tables";
import { newApp } from "../support/app";
import { accept, modern } from "../support/askingApp";
import { connectAgent, newClient, newCode, newFlow, submit } from "../support/connect";
import { callTool, issueKey, newServer, rows, rpc, type Backend } from "../support/gate";

/** What a client still holds after an upgrade. */
export interface Held {
  readonly key: string;
  readonly keyId: string;
  readonly clientId: string;
  readonly refreshToken: string;
  readonly jobId: string;
}

export const REPEATED = {
  ...{ name: "Ada", email: "ada@example.com", idempotencyKey: "before-the-upgrade" },
};

const callAll = async (t: Backend, key: string): Promise<string> => {
  await callTool(t, key, "customers_create", REPEATED);
  await callTool(t, key, "products_get", { id: "none" });
  await rpc(t, key, "tools/list");
  const lines = JSON.stringify({ name: "Bob", email: "bob@example.com" });
  const imported = await callTool(t, key, "customers_import", { lines });
  expect(imported.isError).toBeUndefined();
  const [job] = await rows(t, "toolgateJobs");
  return job!.jobId;
};

/** An order that is cancelled after the client was asked. */
const cancelOne = async (t: Backend, key: string): Promise<void> => {
  const order = (await rows(t, "orders")).find(({ status }) => status === "draft")!;
  const call = { name: "orders_cancel", arguments: { orderId: order._id, reason: "typo" } };
  const can = { elicitation: {} };
  const asked = (await modern(t, key, "tools/call", call, can)).json.result ?? {};
  const inputResponses = { consent: accept({ agree: true }) };
  const back = { ...call, inputResponses, requestState: asked.requestState };
  expect((await modern(t, key, "tools/call", back, can)).json.result?.isError).toBeUndefined();
};

const changeKeys = async (t: Backend): Promise<void> => {
  const narrow = await issueKey(t, {
    ...{ role: "sales", name: "narrow", env: "test", unattended: true },
    ...{ tools: ["orders_list", "orders_confirm"] },
    constraints: { orders_confirm: { expectedTotalMinor: { max: 100_000 } } },
  });
  await t.action(internal.toolgate.admin.rotateKey, { keyId: narrow.keyId, graceMinutes: 60 });
  const { keyId } = await issueKey(t, { role: "viewer", name: "gone" });
  await t.mutation(internal.toolgate.admin.revokeKey, { keyId, reason: "left" });
  const permissions = ["orders:read", "products:read"];
  await t.mutation(internal.toolgate.admin.setRole, { name: "viewer", permissions });
};

/** One connection that is used, one whose code nobody redeemed, a device that waits, a client's document. */
const connectAll = async (t: Backend, key: string) => {
  const { clientId, tokens } = await connectAgent(t, key, { access: "read" });
  await newCode(t, await newFlow(t), key);
  await submit(t, "/oauth/device_authorization", { client_id: await newClient(t) });
  const document = { name: "Agent", redirectUris: ["https://agent.example/callback"] };
  const url = "https://agent.example/client.json";
  await t.mutation(internal.toolgate.connect.keepDocument, { url, document, freshForMs: 60_000 });
  return { clientId, refreshToken: tokens.refresh_token };
};

/** What no call leaves behind once it has ended: a lease of a stream, and a question that waits. */
const leaveOpen = async (t: Backend, keyId: string): Promise<void> => {
  const now = Date.now();
  await t.run(async (ctx) => {
    const lease = { keyId, tenant: "acme", listens: true };
    await ctx.db.insert("toolgateStreamLeases", { ...lease, endsAt: now, expiresAt: now });
  });
  const principal = { keyId, subject: "agent", tenant: "acme", role: "admin" };
  const question = { requestIds: ["a-question"], principal };
  await t.mutation(internal.toolgate.jobs.ask, question);
};

/** Two minutes later, what the audit log has so far is sealed and counted. */
const sealAndCount = async (t: Backend): Promise<void> => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 121_000 });
  await t.mutation(internal.toolgate.admin.sealAudit, {});
  await t.mutation(internal.toolgate.admin.foldStats, {});
  vi.useRealTimers();
};

export const newDeployment = (): Backend => newApp({ connect: { device: true } });

/** Lives it. */
export const live = async (): Promise<{ readonly t: Backend; readonly held: Held }> => {
  const t = await newServer({ t: newDeployment(), demo: true });
  const { key, keyId } = await issueKey(t, { env: "test", subject: "agent" });
  const jobId = await callAll(t, key);
  await cancelOne(t, key);
  await changeKeys(t);
  const { clientId, refreshToken } = await connectAll(t, key);
  await leaveOpen(t, keyId);
  await sealAndCount(t);
  return { t, held: { key, keyId, clientId, refreshToken, jobId } };
};

interface Index {
  readonly indexDescriptor: string;
  readonly fields: readonly string[];
}

interface Exported {
  readonly tableName: string;
  readonly indexes: readonly Index[];
  readonly stagedDbIndexes: readonly Index[];
}

const textOf = ({ indexDescriptor, fields }: Index) => `${indexDescriptor}: ${fields.join(", ")}`;

/** As a push sends it. Convex's types leave this method out. */
const exported = (): { readonly tables: readonly Exported[] } => {
  const schema = defineSchema(toolgateTables) as unknown as { export: () => string };
  return JSON.parse(schema.export()) as ReturnType<typeof exported>;
};

/** The indexes of each table of the gate: those that queries can use, and those that are only being filled. */
export const indexes = (): Record<string, { readonly used: string[]; readonly staged: string[] }> =>
  Object.fromEntries(
    exported().tables.map((table) => [
      table.tableName,
      { used: table.indexes.map(textOf), staged: table.stagedDbIndexes.map(textOf) },
    ]),
  );
