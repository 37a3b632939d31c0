/** The app behind a socket, for the tests of one file. */
import { afterAll, beforeAll } from "vitest";
import { mintKey } from "../../src/auth/keyFormat";
import { startServer } from "../../local/server";
import type { Wire } from "./wire";

// The tests of a file share a key; what limits do is tested elsewhere.
process.env.TOOLGATE_LIMIT_SCALE = "1000000";

type Server = Awaited<ReturnType<typeof startServer>>;

export interface App {
  /** Where the app answers; only known once tests run. */
  readonly url: URL;
  /** The API key of a role in the demo company. */
  readonly key: (role: string) => string;
}

/** Serves the app with its demo data while the tests of this file run. */
export const serveApp = (): App => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ host: "127.0.0.1", port: 0 });
  });
  afterAll(() => server.close());
  return {
    get url() {
      return new URL(server.url);
    },
    key: (role) => {
      const issued = server.keys.find((key) => key.tenant === "acme" && key.role === role);
      if (issued === undefined) throw new Error(`no key for the role ${role}`);
      return issued.key;
    },
  };
};

/** Keys that are refused: one by its form, without a look at the database, and one that was never issued. */
export const wrongKeys = async (): Promise<string[]> => [
  "sk-anything",
  (await mintKey("test")).key,
];

let made = 0;

/** Arguments for `customers_create` that no other call has used. */
export const newCustomer = (client: string) => {
  made += 1;
  return { name: `Customer of ${client}`, email: `${client}-${String(made)}@example.com` };
};

/** For clients of any SDK: how a transport sends the key of a role, through `wire`. */
export const keysOf =
  ({ key }: App) =>
  (wire: Wire, role: string) => ({
    fetch: wire.fetch,
    requestInit: { headers: { Authorization: `Bearer ${key(role)}` } },
  });

/** Takes every value. Compiling every output schema in every client would take most of the time; other files do it. */
export const jsonSchemaValidator = {
  getValidator: () => (value: unknown) => ({
    valid: true as const,
    data: value as never,
    errorMessage: undefined,
  }),
};
