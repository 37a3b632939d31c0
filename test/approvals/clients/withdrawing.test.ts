/** A client withdraws its call by a notification, and nobody else's. */
import { describe, expect, test } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { call as callAs, notify } from "../../support/streamClient";
import { sessionOf } from "../../support/session";
import { shop } from "../freshShop";
import { bought, newest } from "../setup";
import { argsOf, goods, settle } from "./newest";

describe("notifications/cancelled", () => {
  const stateAfter = async (name: string, headers: Record<string, string>, age = 0) => {
    const { t, key } = shop;
    await callAs(t, key, name, argsOf(name), { id: 7, headers });
    await settle(shop, { createdAt: Date.now() - age });
    await notify(t, key, "notifications/cancelled", { requestId: 7 }, headers);
    return (await newest(t)).state;
  };

  test.each(["buy", "slow", "look"])("withdraws %s by the id of its request", async (name) => {
    const session = await sessionOf(shop.t, shop.key, "client");
    expect(await stateAfter(name, session, 3_600_000)).toBe("cancelled");
    expect(await bought(shop.t)).toEqual([]);
  });

  test.each(["plain", "read"])(
    "withdraws %s too, which only a rule of key or role puts under approval",
    async (name) => {
      const { t, keyId } = shop;
      const session = await sessionOf(t, shop.key, "client");
      const approval = ["plain", "read"];
      await t.mutation(internal.toolgate.admin.updateKey, { keyId, approval });
      expect(await stateAfter(name, session, 3_600_000)).toBe("cancelled");
      expect(await stateAfter(name, {})).toBe("cancelled");
      await t.mutation(internal.toolgate.admin.updateKey, { keyId, approval: [] });
      await t.mutation(internal.toolgate.admin.setRole, { name: "admin", approval });
      expect(await stateAfter(name, session)).toBe("cancelled");
      expect(await bought(t)).toEqual([]);
    },
  );

  test("of another session of the key, or one that it made up, withdraws nothing", async () => {
    const { t, key } = shop;
    const session = await sessionOf(t, key, "client");
    await callAs(t, key, "always", goods, { id: 7, headers: session });
    for (const other of [await sessionOf(t, key, "other"), {}, { "mcp-session-id": "x" }]) {
      await notify(t, key, "notifications/cancelled", { requestId: 7 }, other);
      expect((await newest(t)).state).toBe("awaiting_approval");
    }
  });

  test("without a session, an old call is not meant: by then another client uses the id", async () => {
    expect(await stateAfter("buy", {}, 3_600_000)).toBe("awaiting_approval");
    expect(await stateAfter("always", {})).toBe("cancelled");
  });
});
