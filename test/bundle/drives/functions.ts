/** The app's functions as the drives know them: one key with a role, and answers shaped as the real functions give them. */
import { createHmac } from "node:crypto";
import type { Listed } from "../../../src/catalog/catalog";
import type { Call } from "../../../src/data/call";
import type { Ended, Outcome } from "../../../src/data/outcome";
import type { Admission } from "../../../src/gate/admission";
import type { Watched } from "../../../src/jobs/read";
import type { Caller } from "../../../src/mcp/caller";
import { PEPPER, type Functions } from "./deployment";

const KEY_ID = "000000000001";

/** The published example, with its right checksum. */
export const KEY = `cvxmcp_test_${KEY_ID}_${"A".repeat(43)}0UkcOo`;

/** Looks like a key, but its checksum is wrong. */
export const MALFORMED_KEY = `cvxmcp_test_${"0".repeat(12)}_${"0".repeat(49)}`;

export const JOB_ID = "job_1";

const principal = { subject: "agent", tenant: "acme", role: "importer", keyId: KEY_ID };

const permissions = ["customers:read", "customers:create", "customers:import"];

/** How many looks a job takes. They take about 38 s, first to last. */
export const LOOKS = 48;

/** What Node's own crypto makes of the key. */
const HASH = createHmac("sha256", PEPPER).update(KEY).digest("base64url");

const refusal = { kind: "invalid_key", reason: "wrong_secret" } as const;

const LEASE = "lease_1" as NonNullable<Caller["streamLease"]>;

/** Tools by what the admission has to say of them; a query is read later. */
const outcomes: Readonly<Record<string, Outcome>> = {
  customers_create: { state: "succeeded", result: '{"customerId":"c1"}' },
  customers_import: { state: "started", jobId: JOB_ID, isNew: true, watcher: 1 },
};

type Evidence = { credential?: { hashes: { pepperId: string; hash: string }[] } };

const admit = ({ evidence, call }: { evidence: Evidence; call: Call }): Admission<Caller> => {
  if (evidence.credential?.hashes[0]?.hash !== HASH)
    return { operation: "o", context: {}, refusal };
  const outcome = outcomes[call.target?.name ?? ""];
  return {
    operation: "o",
    context: {
      ...{ principal, rights: { permissions } },
      streamLease: call.stream !== undefined ? LEASE : undefined,
    },
    outcome,
  };
};

const read = (): Ended => ({ state: "succeeded", result: '{"page":[{"name":"Ada"}]}' });

/** One tool is not this role's. */
const catalog = (): Listed[] =>
  ["customers_search", "customers_create", "customers_import", "periods_close"].map((name) => ({
    name,
    text: JSON.stringify({ name, description: name, inputSchema: { type: "object" } }),
  }));

const working: Watched = {
  ...{
    state: "working",
    tool: "customers_import",
    operation: "o",
    events: [],
    isKeyValid: true,
    isStopped: false,
  },
  ...{ createdAt: 0, updatedAt: 0, leaseUntil: Number.MAX_SAFE_INTEGER },
};

/** A job that reports at every look, and ends. */
const watch = (nth: number): Watched => {
  const progress = { done: nth + 1, total: LOOKS };
  return nth < LOOKS
    ? { ...working, progress, events: [{ seq: nth + 1, progress }], updatedAt: nth + 1 }
    : { ...working, state: "succeeded", result: '{"imported":3}' };
};

export const functions: Functions = {
  "mutation toolgate/gate:admit": (args) => admit(args as Parameters<typeof admit>[0]),
  "query toolgate/reading:read": read,
  "query toolgate/catalog:list": catalog,
  "query toolgate/jobs:watch": (_args, nth) => watch(nth),
  "mutation toolgate/jobs:renewLease": () => null,
  "mutation toolgate/jobs:cancel": () => null,
};

/** The same with a job that goes on and on. */
export const endless: Functions = { ...functions, "query toolgate/jobs:watch": () => working };
