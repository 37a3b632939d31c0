/** What runs behind the HTTP actions: the gate, reading, jobs, their worker, and what operators call. */
import { createHash } from "node:crypto";
import { equal } from "../drives/expect";
import { newApp, type App } from "./app";
import type { Bundles } from "./modules";

interface Drive {
  readonly name: string;
  /** Rejects with what is wrong, in one line. */
  readonly run: (app: App) => Promise<void>;
}

interface Issued {
  readonly key: string;
  readonly keyId: string;
}

const newTenant = (app: App) =>
  app.mutation("erp/tenants:create", { slug: "acme", name: "Acme", currency: "EUR" });

const newKey = (app: App, args = {}) =>
  app.action("toolgate/admin:createKey", {
    ...{ tenant: "acme", role: "admin", name: "drive" },
    ...args,
  }) as Promise<Issued>;

interface Message {
  readonly result?: { structuredContent?: unknown; tools?: { name: string }[]; isError?: true };
  readonly error?: { code: number; message: string };
}

const send = async (app: App, key: string, method: string, params: object) => {
  const response = await app.fetch("/mcp", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      Authorization: `Bearer ${key}`,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const text = await response.text();
  const isStream = response.headers.get("content-type") === "text/event-stream";
  const last = isStream
    ? (text
        .match(/^data: .+$/gm)
        ?.at(-1)
        ?.slice(6) ?? "null")
    : text;
  return { status: response.status, ...(JSON.parse(last) as Message) };
};

const call = async (app: App, key: string, name: string, args: object, meta = {}) => {
  const { result, error } = await send(app, key, "tools/call", {
    ...{ name, arguments: args },
    _meta: meta,
  });
  if (result === undefined || result.isError) {
    await app.settled();
    throw new Error(`${name} failed: ${error?.message ?? JSON.stringify(result)}`);
  }
  return result.structuredContent as Record<string, unknown>;
};

/** What is told of a call that fails. */
const whyNot = (app: App, key: string, name: string, args: object): Promise<string> =>
  call(app, key, name, args).then(
    () => "it did not fail",
    (error: unknown) => (error as Error).message,
  );

const ADA = { name: "Ada", email: "ada@example.com", country: "DE" };

const keys: Drive = {
  name: "keys",
  run: async (app) => {
    await newTenant(app);
    const { key, keyId } = await newKey(app);
    const verify = async (text: string) =>
      (await app.action("toolgate/admin:verifyKey", { key: text })) as Record<string, unknown>;
    equal("whether the key is valid", (await verify(key)).valid, true);
    const rotated = (await app.action("toolgate/admin:rotateKey", { keyId })) as Issued;
    equal("whether the next key is valid", (await verify(rotated.key)).valid, true);
    await app.mutation("toolgate/admin:revokeKey", { keyId: rotated.keyId });
    equal("whether it is after it was revoked", (await verify(rotated.key)).valid, false);
    const { status } = await send(app, rotated.key, "ping", {});
    equal("what it then gets", status, 401);
    await app.mutation("toolgate/admin:setRole", { name: "viewer", permissions: ["orders:read"] });
    const listed = JSON.stringify([
      await app.query("toolgate/admin:listKeys", {}),
      await app.query("toolgate/admin:listRoles", {}),
      await app.query("toolgate/admin:listAudit", {}),
    ]);
    equal("whether a secret is listed", listed.includes(key.slice(25, 60)), false);
  },
};

const calls: Drive = {
  name: "gate, reading and catalog",
  run: async (app) => {
    await newTenant(app);
    const { key } = await newKey(app);
    const { result } = await send(app, key, "tools/list", {});
    equal("whether tools are listed", (result?.tools?.length ?? 0) > 10, true);
    const idempotencyKey = createHash("sha256").update("one").digest("hex");
    const create = () => call(app, key, "customers_create", { ...ADA, idempotencyKey });
    equal("what is told of the same call again", await create(), await create());
    const found = await call(app, key, "customers_search", { text: "ada" });
    equal("how many are found", (found.items as unknown[]).length, 1);
    const cursor = Buffer.from([0xff, 0xfe]).toString("base64");
    const noCursor = await whyNot(app, key, "customers_search", { cursor });
    equal("whether bytes are no cursor", noCursor.includes("bad_cursor"), true);
    const wrong = await whyNot(app, key, "customers_search", { limit: "x" });
    equal("whether the wrong argument is named", wrong.includes("limit"), true);
    const viewer = await newKey(app, { role: "viewer" });
    const { error } = await send(app, viewer.key, "tools/call", { name: "customers_create" });
    equal("what a viewer may create", error?.code, -32602);
  },
};

const lines = (count: number) =>
  Array.from({ length: count }, (_, i) => JSON.stringify({ ...ADA, email: `a${i}@example.com` }));

const jobs: Drive = {
  name: "jobs and their worker",
  run: async (app) => {
    await newTenant(app);
    const { key } = await newKey(app);
    const args = { lines: lines(3).join("\n") };
    const imported = await call(app, key, "customers_import", args, { progressToken: 1 });
    equal("how many were imported", imported.imported, 3);
    const again = await call(app, key, "customers_import", args);
    equal("how many were there already", again.existing, 3);
    await app.settled();
    await app.mutation("toolgate/jobs:sweep");
  },
};

const all = [keys, calls, jobs];

export const appDriveNames: readonly string[] = all.map(({ name }) => name);

/** All drives of what is behind the routes; each has an app of its own. */
export const appDrivesOf = (bundles: Bundles) =>
  all.map(({ name, run }) => ({
    name,
    run: async () => {
      const app = newApp(bundles);
      try {
        await run(app);
        equal("what was logged as an error", app.errors, []);
      } catch (error) {
        const logged = app.errors.map((text) => ` (logged: ${text.split("\n")[0] ?? ""})`);
        throw new Error(`${(error as Error).message}${[...new Set(logged)].join("")}`);
      }
    },
  }));
