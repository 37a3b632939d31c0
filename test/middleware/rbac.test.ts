/** Who may do what: the role × tool matrix, and keys that narrow a role. */
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { issueKey, listTools, newServer, post, roles, rpc } from "../support/gate";
import { call, keys, names, t } from "./everyRole";

const listed = async (key: string) => (await listTools(t, key)).map(({ name }) => name);

/** The reply to a tool that there is not, with its name exchanged. */
const unknownReply = async (key: string, name: string) => {
  const { status, headers, text } = await call(key, "nonesuch");
  return { status, headers: [...headers], text: text.replace("nonesuch", name) };
};

const isUnknown = async (key: string, name: string): Promise<boolean> => {
  const { status, headers, text } = await call(key, name);
  const unknown = await unknownReply(key, name);
  if (!text.includes("Unknown tool")) return false;
  expect({ status, headers: [...headers], text }).toEqual(unknown);
  return true;
};

const callable = async (key: string) => {
  const found = [];
  for (const name of names) if (!(await isUnknown(key, name))) found.push(name);
  return found;
};

/** One line per tool, a column per role. */
const matrix = async (toolsOf: (key: string) => Promise<string[]>): Promise<string> => {
  const columns = await Promise.all(roles.map((role) => toolsOf(keys[role]!)));
  const line = (name: string, cells: readonly string[]) =>
    [name.padEnd(18), ...cells.map((cell, at) => cell.padEnd(roles[at]!.length))]
      .join("  ")
      .trimEnd();
  return [
    line("", roles),
    ...names.map((name) =>
      line(
        name,
        columns.map((own) => (own.includes(name) ? "yes" : "-")),
      ),
    ),
    "",
  ].join("\n");
};

const FILE = "./__snapshots__/rights.txt";

describe("role × tool", () => {
  test("tools/list shows what is declared", async () => {
    await expect(await matrix(listed)).toMatchFileSnapshot(FILE);
  });

  test("tools/call runs what is declared, and answers anything else like an unknown tool", async () => {
    await expect(await matrix(callable)).toMatchFileSnapshot(FILE);
  });

  test("no list names a tool that is not in the registry, and none has one twice", async () => {
    for (const role of roles) {
      const own = await listed(keys[role]!);
      expect(new Set(own).size).toBe(own.length);
      expect(names).toEqual(expect.arrayContaining(own));
    }
  });

  test.each(["toString", "constructor", "__proto__", "hasOwnProperty", "", "x".repeat(300)])(
    "%j is no tool",
    async (name) => {
      const { json } = await call(keys.admin!, name);
      expect(json.error).toEqual({ code: -32602, message: `Unknown tool: ${name.slice(0, 64)}` });
    },
  );
});

describe("a tool that is forbidden is not betrayed", () => {
  // A mutation and an action, neither for a viewer.
  const forbidden = ["stock_adjust", "periods_close"];

  test.each(["viewer", "unissued"])("by a bad idempotency key (%s)", async (who) => {
    const key = keys[who] ?? (await issueKey(await newServer())).key;
    const reply = async (name: string) => {
      const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name } };
      const { status, text } = await post(t, key, message, { "idempotency-key": "short" });
      return { status, text: text.replace(name, "") };
    };
    for (const name of forbidden) expect(await reply(name)).toEqual(await reply("nonesuch"));
  });

  test("by a cursor of tools/list", async () => {
    const reply = async (name: string) =>
      (await rpc(t, keys.viewer!, "tools/list", { cursor: btoa(name) })).text;
    for (const name of forbidden) expect(await reply(name)).toBe(await reply("nonesuch"));
  });

  test("by a progress token, or by what the client takes", async () => {
    const reply = async (name: string, accept: string) => {
      const params = { name, _meta: { progressToken: 1 } };
      const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params };
      const { status, headers, text } = await post(t, keys.viewer, message, { accept });
      return { status, headers: [...headers], text: text.replace(name, "") };
    };
    for (const accept of ["application/json", "text/event-stream", "*/*"])
      for (const name of forbidden)
        expect(await reply(name, accept)).toEqual(await reply("nonesuch", accept));
  });
});

describe("a key that names tools", () => {
  test("has those of its role, and no others", async () => {
    const { key } = await issueKey(t, {
      role: "viewer",
      tools: ["customers_get", "stock_level", "stock_adjust"],
    });
    expect(await listed(key)).toEqual(["customers_get", "stock_level"]);
    expect(await callable(key)).toEqual(["customers_get", "stock_level"]);
  });

  test("has none if it names none", async () => {
    const { key } = await issueKey(t, { tools: [] });
    expect(await listed(key)).toEqual([]);
    expect(await callable(key)).toEqual([]);
  });
});

describe("roles", () => {
  test("a change acts on the next call, for lists and calls", async () => {
    const fresh = await newServer();
    const { key } = await issueKey(fresh, { role: "viewer" });
    const can = async () => ({
      list: (await listTools(fresh, key)).some(({ name }) => name === "customers_create"),
      call: (await rpc(fresh, key, "tools/call", { name: "customers_create" })).text.includes(
        "invalid_arguments",
      ),
    });
    const set = (change: object) =>
      fresh.mutation(internal.toolgate.admin.setRole, { name: "viewer", ...change });
    expect(await can()).toEqual({ list: false, call: false });
    await set({ add: ["customers:create"] });
    expect(await can()).toEqual({ list: true, call: true });
    await set({ remove: ["customers:create"] });
    expect(await can()).toEqual({ list: false, call: false });
  });

  test("one that was removed from the database may do nothing", async () => {
    const fresh = await newServer();
    const { key } = await issueKey(fresh, { role: "admin" });
    await fresh.run(async (ctx) => {
      for (const role of await ctx.db.query("toolgateRoles").collect())
        await ctx.db.delete(role._id);
    });
    expect(await listTools(fresh, key)).toEqual([]);
    for (const name of names) {
      const { json } = await rpc(fresh, key, "tools/call", { name });
      expect(json.error?.message).toBe(`Unknown tool: ${name}`);
    }
  });
});
