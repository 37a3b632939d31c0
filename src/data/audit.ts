/** One append-only audit row per admitted or denied call. Only the end of a job updates its row, once. */
import type { WithoutSystemFields } from "convex/server";
import type { GenericId } from "convex/values";
import { defined } from "../base/defined";
import { digest } from "../base/digest";
import { cut, withoutKeys } from "../base/text";
import type { Call, Target } from "./call";
import type { Doc, GateTx } from "./database";
import type { Principal } from "./principal";

/** Longest text of arguments kept, in characters. */
const MAX_ARGUMENTS = 2048;

const secretName =
  /passw|secret|token|api_?key|authorization|credential|private|cvv|iban|card_?number/i;

/** Replaces members with a telling name and, in names and values alike, anything that looks like a key of ours. */
const redact = (args: unknown): string =>
  withoutKeys(
    JSON.stringify(args, (name, value: unknown) => (secretName.test(name) ? "[redacted]" : value)),
  );

const shortened = (text: string, length: number): string =>
  text.length > length ? `${cut(text, length)}…` : text;

/** A text from the client as it may be kept. */
const shown = (text: string): string => shortened(withoutKeys(text), 128);

type Row = WithoutSystemFields<Doc<"toolgateAudit">>;

/**
 * What is cut off has a digest in its place; where nothing is, a digest would prove no more than the text does. It is of the redacted
 * arguments: one of a short secret could be guessed.
 */
const argumentFields = async (args: unknown) => {
  if (args === undefined) return {};
  const text = redact(args);
  if (text.length <= MAX_ARGUMENTS) return { arguments: text };
  return { arguments: shortened(text, MAX_ARGUMENTS), digest: await digest(JSON.parse(text)) };
};

const namedFields = ({ kind, name }: Target) =>
  kind === "tool" ? { tool: shown(name) } : { target: shown(name) };

/** What newer versions of `convex` tell of a request. */
interface MaybeMeta {
  readonly meta?: { readonly getRequestMetadata?: () => Promise<{ readonly ip: string | null }> };
}

/** The caller's address, where Convex tells it. */
const ipField = async ({ meta }: MaybeMeta): Promise<{ ip?: string }> => {
  const ip = cut((await meta?.getRequestMetadata?.())?.ip ?? "", 64);
  return ip === "" ? {} : { ip };
};

/** What is known of a call when its row is written. */
export interface AuditEntry {
  readonly call: Call;
  readonly args: unknown;
  readonly principal?: Principal | undefined;
  /** For a call whose key was known and whose secret was wrong: the claimed key. */
  readonly keyId?: string | undefined;
  readonly outcome: Row["outcome"];
  readonly reason?: string | undefined;
}

/**
 * Writes the row of one call, in the transaction of its effect. It never holds a secret: arguments are redacted and cut.
 *
 * @returns the row's id, for the job that settles it.
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

/** Writes how the job of a call ended into its row, once. A row that is gone is left alone. */
export const settle = async (
  tx: GateTx,
  operation: GenericId<"toolgateAudit">,
  end: { outcome: Row["outcome"]; settledAt: number; reason: string | undefined },
): Promise<void> => {
  if ((await tx.db.get("toolgateAudit", operation)) === null) return;
  await tx.db.patch("toolgateAudit", operation, defined(end));
};

/** The `protocol` of rows that operators cause through internal functions. */
const OPERATOR = "operator";

/** What an operator did to a key or a role. */
export interface Operation {
  readonly method: string;
  readonly args: unknown;
  readonly keyId?: string;
  readonly tenant?: string;
  readonly role?: string;
}

/** Writes the row of an operator's change, in its transaction. */
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
