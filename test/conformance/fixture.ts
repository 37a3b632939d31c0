/** The fixture behind a port: the small app in `app/`, on convex-test and in memory, with one key. */
import { randomBytes } from "node:crypto";
import { convexTest } from "convex-test";
import { makeFunctionReference } from "convex/server";
import { listen, type Answer } from "../../cli/serve/listen";
import * as asking from "./app/asking";
import * as documents from "./app/documents";
import * as forms from "./app/forms";
import { glue } from "./app/glue";
import * as long from "./app/long";
import * as messages from "./app/messages";
import schema from "./app/schema";
import * as schemas from "./app/schemas";
import * as short from "./app/short";
import * as toggles from "./app/toggles";

const createKey = makeFunctionReference<
  "action",
  { role: string; name: string; env: "test" },
  { key: string }
>("toolgate/admin:createKey");

/** `_generated` tells convex-test where the root is. */
const app = {
  ...glue,
  _generated: {},
  asking,
  documents,
  forms,
  long,
  messages,
  schemas,
  short,
  toggles,
};

const modules = Object.fromEntries(
  Object.entries(app).map(([name, module]) => [
    name === "_generated" ? "convex/_generated/api.ts" : `convex/${name}.ts`,
    () => Promise.resolve(module),
  ]),
);

export interface Fixture {
  /** Where it answers, without a path. */
  readonly url: string;
  readonly key: string;
  /** Allows web pages of these origins, comma-separated. */
  readonly allowOrigins: (origins: string) => void;
  readonly close: () => Promise<void>;
}

/** @param role - what the key may do: see `app/permissions.ts`. */
export const startFixture = async (role: string): Promise<Fixture> => {
  process.env.TOOLGATE_PEPPERS = `conformance:${randomBytes(36).toString("base64url")}`;
  const backend = convexTest({ schema, modules, transactionLimits: true });
  const { key } = await backend.action(createKey, {
    ...{ role, name: "Conformance suite", env: "test" as const },
  });
  const answer: Answer = ({ url, method, headers, body, signal }, peer) => {
    const { pathname, search } = new URL(url);
    return backend.withRequestMetadata(peer).fetch(pathname + search, {
      ...{ method, headers: [...headers], body, signal },
      ...(body && { duplex: "half" }),
    });
  };
  const { url, close } = await listen({ host: "127.0.0.1", port: 0 }, answer);
  process.env.CONVEX_SITE_URL = url;
  const allowOrigins = (origins: string) => {
    process.env.TOOLGATE_ALLOWED_ORIGINS = origins;
  };
  return { url, key, allowOrigins, close };
};
