/** What runs when a connection ends: its open streams and its jobs end too, and those of the key itself go on. */
import { expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { hashKey, readPeppers } from "../../src/auth/pepper";
import { randomText } from "../../src/auth/random";
import { mintAccessToken, SECRET_LENGTH } from "../../src/auth/token";
import { newSocket } from "../jobs/streams/setup";
import { rows, type Backend } from "../support/gate";
import { newGate, theJob, type Script } from "../support/longApp";
import { open, responseOf, until } from "../support/streamClient";

const GRANT_ID = "grant00000000001";

/** A connection of a key, as its redemption leaves it. Returns its access token. */
const connect = async (t: Backend, keyId: string): Promise<string> => {
  const [pepper] = readPeppers();
  const secret = await randomText(SECRET_LENGTH);
  const hash = await hashKey(pepper!, secret);
  const lasts = { createdAt: 0, expiresAt: Date.now() + 1e9, forgetAt: Date.now() + 1e9 };
  await t.run((ctx) =>
    ctx.db.insert("toolgateGrants", {
      ...{ grantId: GRANT_ID, keyId, tenant: "acme", subject: keyId, access: "all" as const },
      ...{ client: { id: "c", name: "c", verified: true }, pepperId: pepper!.id, hash },
      ...{ generation: 0, ...lasts },
    }),
  );
  return mintAccessToken(readPeppers(), { grantId: GRANT_ID, secret });
};

const end = (t: Backend) =>
  t.mutation(internal.toolgate.admin.revokeConnection, { grantId: GRANT_ID, reason: "test" });

/** A call of a long tool by a connection, once it runs. */
const running = async (play: Script) => {
  const { t, url, keyId } = await newSocket(play);
  const token = await connect(t, keyId);
  const heard = await open(url, token, "slow", {}, { id: 1 });
  await until(async () => (await theJob(t)).state === "working");
  return { t, heard };
};

test.concurrent(
  "an open stream ends within its beat, and a job that reports ends as cancelled",
  async () => {
    const { t, heard } = await running(async (job) => {
      for (let step = 1; ; step++) {
        await job.progress(step, 1000);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
    expect(await theJob(t)).toMatchObject({ grantId: GRANT_ID });
    const before = Date.now();
    await end(t);
    await heard.ended;
    expect(Date.now() - before).toBeLessThan(3000);
    expect(responseOf(heard)).toMatchObject({ error: { code: 401 } });
    await until(async () => (await theJob(t)).state === "cancelled");
    const [last] = (await rows(t, "toolgateAudit")).filter(({ method }) => method === "job/end");
    expect(last).toMatchObject({ outcome: "cancelled", grantId: GRANT_ID });
  },
);

test.concurrent("the end of its key is the end of its streams", async () => {
  const gate = newGate();
  const { t, heard } = await running(async () => {
    await gate.opened;
    return "done";
  });
  const { keyId } = await theJob(t);
  await t.mutation(internal.toolgate.admin.revokeKey, { keyId, reason: "test" });
  await heard.ended;
  expect(responseOf(heard)).toMatchObject({ error: { code: 401 } });
  gate.open();
});

test.concurrent("a rotation of its key ends neither", async () => {
  const gate = newGate();
  const { t, heard } = await running(async () => {
    await gate.opened;
    return "done";
  });
  const { keyId } = await theJob(t);
  await t.action(internal.toolgate.admin.rotateKey, { keyId });
  gate.open();
  await heard.ended;
  expect(responseOf(heard).result).toMatchObject({ structuredContent: { result: "done" } });
});
