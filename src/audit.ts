/** One append-only audit row per admitted or denied call. Nothing here updates a row but `settle`, once. */
import type { WithoutSystemFields } from "convex/server";
import type { Call } from "./admission";
import type { Doc, GateTx } from "./dataModel";
import { digest } from "./digest";
import type { Principal } from "./principal";

/** Longest text of arguments kept, in characters. The digest covers all of it. */
export const MAX_ARGUMENTS = 2048;

const secretName =
  /passw|secret|token|api_?key|authorization|credential|private|cvv|iban|card_?number/i;
const secretText = /cvxmcp_(live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}/g;

/** Replaces members with a telling name and anything that looks like a key of ours. */
export const redact = (args: unknown): string =>
  JSON.stringify(args, (name, value: unknown) => {
    if (secretName.test(name)) return "[redacted]";
    return typeof value === "string" ? value.replace(secretText, "[redacted]") : value;
  });

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}…` : text;

type Row = WithoutSystemFields<Doc<"mcpAudit">>;

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

const argumentFields = async (call: Call, args: unknown) =>
  call.tool === undefined
    ? {}
    : {
        tool: cut(call.tool, 128),
        arguments: cut(redact(args), MAX_ARGUMENTS),
        digest: await digest(args),
      };

/** Leaves out what is undefined: Convex stores no undefined, and `exactOptionalPropertyTypes` minds. */
const defined = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;

/**
 * Writes the row of one call, in the transaction of its effect. It never holds a secret: arguments are redacted and cut.
 *
 * @returns the row's id, for `settle`.
 */
export const record = async (tx: GateTx, entry: AuditEntry) => {
  const { call, principal, outcome, reason } = entry;
  const { ip } = await tx.meta.getRequestMetadata();
  return tx.db.insert("mcpAudit", {
    at: Date.now(),
    method: cut(call.method, 128),
    protocol: call.protocol,
    outcome,
    ...(await argumentFields(call, entry.args)),
    ...defined({
      keyId: principal?.keyId ?? entry.keyId,
      subject: principal?.subject,
      tenant: principal?.tenant,
      role: principal?.role,
      reason,
      client: call.client,
      ip: ip ?? undefined,
    }),
  });
};
