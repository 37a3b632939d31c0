/** Writes one audit row per admitted or denied call, and a second one when its job ends. No row ever changes. */
import type { WithoutSystemFields } from "convex/server";
import { defined } from "../base/defined";
import { digest } from "../base/digest";
import { isSecretName } from "../base/secretName";
import { cut, withoutKeys } from "../base/text";
import type { Call, Target } from "./call";
import type { Doc, GateTx } from "./database";
import type { Identity } from "./principal";

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
  /** The id of the call. */
  readonly operation: string;
  readonly call: Call;
  readonly args: unknown;
  readonly principal?: Identity | undefined;
  /** The id of a known key that the request claimed but did not prove, or that may no longer be used. */
  readonly keyId?: string | undefined;
  readonly outcome: Row["outcome"];
  readonly reason?: string | undefined;
  /** How long its mutation ran, in milliseconds. */
  readonly ms?: number | undefined;
  /** The operation of the earlier call that this one repeats or returns to. */
  readonly original?: string | undefined;
  /** The id of the job that the call began, waits as, or returns to. */
  readonly job?: string | undefined;
}

/** Writes the row of one call, in the transaction of its effect. Arguments are redacted and cut, to keep secrets out. */
export const record = async (tx: GateTx, entry: AuditEntry): Promise<void> => {
  const { operation, call, args, principal, keyId, outcome, reason, ms, original, job } = entry;
  const { target, client, traceparent, receivedAt } = call;
  const at = Date.now();
  await tx.db.insert("toolgateAudit", {
    at,
    operation,
    method: shown(call.method),
    protocol: call.protocol,
    outcome,
    ...(target === undefined ? {} : { ...namedFields(target), ...(await argumentFields(args)) }),
    ...(principal ?? (keyId === undefined ? {} : { keyId })),
    ...(reason === undefined ? {} : { reason }),
    // Clocks of two machines may differ, so a wait is never below zero.
    ...(receivedAt === undefined ? {} : { waitedMs: Math.max(0, at - receivedAt) }),
    ...(ms === undefined ? {} : { ms }),
    ...(original === undefined ? {} : { original }),
    ...(job === undefined ? {} : { target: job }),
    ...(await ipField(tx)),
    ...(client === undefined ? {} : { client: shown(client) }),
    ...(traceparent === undefined ? {} : { traceparent }),
  });
};

/** The `method` and the `protocol` of rows about the end of a job. */
const JOB_END = { method: "job/end", protocol: "job" } as const;

/**
 * How long a job took, in milliseconds, with its wait for a worker and for its client. What somebody must approve begins with the yes, and
 * without one never did. What ran in the transaction of the yes took its own time, which its clock does not show.
 */
export const lengthOf = (
  { createdAt, approval }: Pick<Doc<"toolgateJobs">, "createdAt" | "approval">,
  end: number,
): number | undefined => {
  if (approval === undefined) return end - createdAt;
  const { verdict, at = end } = approval.decision ?? {};
  return verdict === "approved" && at < end ? end - at : undefined;
};

/** Writes the row of a job's end, in the transaction that ends it. It has the operation of the call that started the job, and its trace. */
export const recordEnd = async (
  tx: GateTx,
  job: Doc<"toolgateJobs">,
  end: Pick<Row, "at" | "outcome" | "ms"> & { readonly reason: string | undefined },
): Promise<void> => {
  const { tool, keyId, grantId, subject, tenant, role, operation, traceparent } = job;
  const of = { operation, tool, keyId, subject, tenant, role };
  const about = defined({ grantId, traceparent, ms: lengthOf(job, end.at), ...end });
  await tx.db.insert("toolgateAudit", { ...JOB_END, ...of, ...about });
};

/** The `protocol` of rows about an operator's changes. */
const OPERATOR = "operator";

/** An operator's change: to a key, a role or a job. */
export interface Change {
  readonly method: string;
  readonly args: unknown;
  /** Of the call whose job it is. */
  readonly operation?: string;
  readonly keyId?: string;
  readonly grantId?: string;
  readonly tenant?: string;
  readonly role?: string;
  readonly tool?: string;
  /** How it ended, and the code of a failure. Default: succeeded. */
  readonly outcome?: Row["outcome"];
  readonly reason?: string | undefined;
}

/** Writes the row of an operator's change, in the transaction of that change. Arguments are redacted and cut. */
export const recordChange = async (tx: GateTx, { method, args, ...about }: Change) =>
  tx.db.insert("toolgateAudit", {
    at: Date.now(),
    method,
    protocol: OPERATOR,
    outcome: "succeeded" as const,
    ...(await argumentFields(args)),
    ...defined(about),
    ...(await ipField(tx)),
  });
