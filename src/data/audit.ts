/** Writes one audit row per admitted or denied call. No row changes, except that the end of a job settles its row once. */
import type { WithoutSystemFields } from "convex/server";
import type { GenericId } from "convex/values";
import { defined } from "../base/defined";
import { digest } from "../base/digest";
import { isSecretName } from "../base/secretName";
import { cut, withoutKeys } from "../base/text";
import type { Call, Target } from "./call";
import type { Doc, GateTx } from "./database";
import type { Principal } from "./principal";

/** The longest text of arguments that is kept, in characters. */
const MAX_ARGUMENTS = 2048;

/** Redacts members whose name suggests a secret, and anything in names or values that looks like an API key. */
const redact = (args: unknown): string =>
  withoutKeys(
    JSON.stringify(args, (name, value: unknown) => (isSecretName(name) ? "[redacted]" : value)),
  );

const shortened = (text: string, length: number): string =>
  text.length > length ? `${cut(text, length)}…` : text;

/** Redacts and cuts a text of the client, to 128 characters. */
const shown = (text: string): string => shortened(withoutKeys(text), 128);

type Row = WithoutSystemFields<Doc<"toolgateAudit">>;

/**
 * Returns the redacted arguments, and a digest if they are cut. The digest covers the redacted arguments, because a short secret could
 * be guessed from its digest.
 */
const argumentFields = async (args: unknown) => {
  if (args === undefined) return {};
  const text = redact(args);
  if (text.length <= MAX_ARGUMENTS) return { arguments: text };
  return { arguments: shortened(text, MAX_ARGUMENTS), digest: await digest(JSON.parse(text)) };
};

const namedFields = ({ kind, name }: Target) =>
  kind === "tool" ? { tool: shown(name) } : { target: shown(name) };

/** The context member with which newer versions of `convex` describe the request. */
interface MaybeMeta {
  readonly meta?: { readonly getRequestMetadata?: () => Promise<{ readonly ip: string | null }> };
}

/** Returns the IP address of the request, if Convex tells it. */
const ipField = async ({ meta }: MaybeMeta): Promise<{ ip?: string }> => {
  const ip = cut((await meta?.getRequestMetadata?.())?.ip ?? "", 64);
  return ip === "" ? {} : { ip };
};

/** A call as its row is written. */
export interface AuditEntry {
  readonly call: Call;
  readonly args: unknown;
  readonly principal?: Principal | undefined;
  /** The id of a known key that the request claimed but did not prove, or that may no longer be used. */
  readonly keyId?: string | undefined;
  readonly outcome: Row["outcome"];
  readonly reason?: string | undefined;
}

/**
 * Writes the row of one call, in the transaction of its effect. Arguments are redacted and cut, to keep secrets out.
 *
 * @returns the id of the row, for the job that settles it.
 */
export const record = async (tx: GateTx, entry: AuditEntry) => {
  const { call, args, principal, keyId, outcome, reason } = entry;
  const { target, client } = call;
  return tx.db.insert("toolgateAudit", {
    at: Date.now(),
    method: shown(call.method),
    protocol: call.protocol,
    outcome,
    ...(target === undefined ? {} : { ...namedFields(target), ...(await argumentFields(args)) }),
    ...(principal ?? (keyId === undefined ? {} : { keyId })),
    ...(reason === undefined ? {} : { reason }),
    ...(await ipField(tx)),
    ...(client === undefined ? {} : { client: shown(client) }),
  });
};

/** Writes into the row of a call how its job ended. If the row is gone, nothing happens. Call it once per job. */
export const settle = async (
  tx: GateTx,
  operation: GenericId<"toolgateAudit">,
  end: { outcome: Row["outcome"]; settledAt: number; reason: string | undefined },
): Promise<void> => {
  if ((await tx.db.get("toolgateAudit", operation)) === null) return;
  await tx.db.patch("toolgateAudit", operation, defined(end));
};

/** The `protocol` of rows about an operator's changes. */
const OPERATOR = "operator";

/** An operator's change to a key or a role. */
export interface Operation {
  readonly method: string;
  readonly args: unknown;
  readonly keyId?: string;
  readonly tenant?: string;
  readonly role?: string;
}

/** Writes the row of an operator's change, in the transaction of that change. Arguments are redacted and cut. */
export const recordOperation = async (tx: GateTx, { method, args, ...about }: Operation) =>
  tx.db.insert("toolgateAudit", {
    at: Date.now(),
    method,
    protocol: OPERATOR,
    outcome: "succeeded" as const,
    ...(await argumentFields(args)),
    ...defined(about),
    ...(await ipField(tx)),
  });
