/** The app's description of itself. It is data only, because Convex evaluates `http.ts` for every request. */
import type { FunctionReference } from "convex/server";
import type { Notice } from "../data/approval";
import type { Failure } from "../data/call";
import type { Icon, PublicUrl } from "./icons";
import type { Prompts } from "./prompts";
import type { Registry } from "./registry";
import type { Resources } from "./resources";
import type { Tools } from "./tools";

/** An app as the library sees it. `defineToolgate` returns it. */
export interface Toolgate extends Registry {
  readonly name: string;
  readonly version: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly websiteUrl?: PublicUrl | undefined;
  readonly icons?: readonly Icon[] | undefined;
  readonly instructions?: string | undefined;
  readonly permissions: readonly string[];
  readonly roles: () => Readonly<Record<string, readonly string[]>>;
  readonly tenants?: Tenants | undefined;
  readonly subjects?: Subjects | undefined;
  /** The folder of the glue, seen from `convex/`. */
  readonly dir: string;
  readonly streamSeconds?: number | undefined;
  readonly errors?: ErrorMapper | undefined;
  readonly approvals?: Approvals | undefined;
  readonly audit?: AuditLog | undefined;
}

/** How long the audit log is kept. */
export interface AuditLog {
  /**
   * For how many days a row is kept at least: a whole number from 1. The sweep then removes sealed rows, in batches of up to 100 that are all
   * older, and writes a row that says so. Default: all are kept.
   */
  readonly keepDays?: number;
}

/** Turns an error that a function has thrown into what the caller reads; undefined for one that stays the server's. */
export type ErrorMapper = (error: Error) => Failure | undefined;

/** How calls wait for somebody's approval. */
export interface Approvals {
  /** How long a call waits before it expires, in hours: 1 to 168. Default: 24. */
  readonly expiresHours?: number;
  /**
   * Runs for each new call that waits, after its admission has committed: to send a mail, say. It is told which call and why, never its
   * arguments. Convex runs a mutation exactly once, and an action at most once.
   */
  readonly notify?: () => FunctionReference<"mutation" | "action", "internal", Notice>;
}

/** For an app whose rows belong to tenants. */
export interface Tenants {
  /** The query that tells whether a tenant exists. No key is made for a tenant that does not. */
  readonly exists: () => FunctionReference<"query", "internal", { slug: string }, boolean>;
}

/** A person or service for whom an agent works. `tenant` is absent in an app with one tenant. */
export type OfSubject = { readonly subject: string; readonly tenant?: string };

/** For an app that knows its users: each key then belongs to one of them. */
export interface Subjects {
  /** The query that tells whether there is such a user. No key is made for one that there is not, and none without a subject. */
  readonly exists?: () => FunctionReference<"query", "internal", OfSubject, boolean>;
  /**
   * The query that tells whether a user may act now. It runs in each admission, in its transaction, before a job begins, and at each look of an open
   * stream. False reads like an invalid key. A query that throws counts as false.
   */
  readonly mayAct?: () => FunctionReference<"query", "internal", OfSubject, boolean>;
}

/** The argument of `defineToolgate`. `P` are all permissions of the app; `Q` are those that its entries and roles use. */
export interface Definition<P extends string, Q extends P> {
  /** For programs. Shown to clients as `serverInfo`, with the members down to `icons`. */
  readonly name: string;
  readonly version: string;
  /** The name for people, at most 100 characters. Default: `name`. */
  readonly title?: string;
  /** What the server is, in a sentence of at most 100 characters: directories take no more. */
  readonly description?: string;
  /** Where people read about it: an https URL, or a path of this deployment. */
  readonly websiteUrl?: PublicUrl;
  /** PNG is drawn by every client that draws icons. The first is the favicon too, unless the app routes `/favicon.ico` itself. */
  readonly icons?: readonly Icon[];
  /**
   * Tells the model what this server is for, in 400 to 1,500 characters; clients cut it after 2,048. Say which questions it answers, that
   * ids are searched first, and what cannot be undone.
   */
  readonly instructions?: string;
  /** All permissions of the app, such as `orders:read`. */
  readonly permissions: readonly P[];
  /**
   * Role → permissions. They are written to the database when the first key is created or the first role is set. From then on, change
   * roles there. A function, like every entry of the registry, because http.ts does not need it.
   */
  readonly roles: () => Readonly<Record<string, readonly Q[]>>;
  readonly tools: Tools<Q>;
  readonly resources?: Resources<Q>;
  readonly prompts?: Prompts<Q>;
  /** Absent for an app with one tenant. Its keys are then made without a tenant. */
  readonly tenants?: Tenants;
  /** Absent for an app in which the operator says freely whom a key belongs to. */
  readonly subjects?: Subjects;
  /** How calls wait that somebody must approve. */
  readonly approvals?: Approvals;
  /** How long the audit log is kept. */
  readonly audit?: AuditLog;
  /** The folder of the glue, seen from `convex/`. Default: `toolgate`. */
  readonly dir?: string;
  /**
   * What a caller reads of an error that a function throws without a ConvexError. It gets the name and message as they were thrown, and
   * returns a code for programs and a message for people and models, or undefined for what callers must not read: then they read an id
   * that the log has. Without it they always do. Never let through what you do not know: a message may hold rows and secrets.
   *
   * It counts as a refusal by the function: a mutation is rolled back, and the call may be made again. So for an action return something
   * only for errors after which nothing was done. An error of the mapper itself, or anything else that it returns, counts as undefined.
   */
  readonly errors?: ErrorMapper;
  /**
   * How long a stream may last, in seconds: 1 to 1,700. Default: 1,700, since Convex ends an HTTP action after 1,800. Streams that listen
   * last so long. A call is answered sooner, before its client gives up: a tool that is still at work is then answered with its job.
   */
  readonly streamSeconds?: number;
}

/** The most seconds that a stream may last. What follows the last look must be over before Convex ends the action. */
const MOST_SECONDS = 1_700;

/** The most hours that a call may wait for an approval. */
const MOST_HOURS = 168;

/** The seconds that a stream may last. */
export const streamSecondsOf = ({ streamSeconds = MOST_SECONDS }: Toolgate): number =>
  streamSeconds;

/** How long a call waits for somebody's approval, in hours. */
export const approvalHoursOf = ({ approvals }: Pick<Toolgate, "approvals">): number => {
  const { expiresHours = 24 } = approvals ?? {};
  return expiresHours;
};

const isWithin = (value: number, least: number, most: number): boolean =>
  Number.isFinite(value) && value >= least && value <= most;

/** What is wrong with what the app states, where no compiler has looked. */
const faultOf = (app: Toolgate): string | undefined => {
  if (!Array.isArray(app.permissions)) return "permissions must be a list: permissions: […]";
  if (typeof app.roles !== "function") return "roles must be a function: roles: () => ({ … })";
  return faultOfNumber(app);
};

/** What is wrong with a number that the app states. */
const faultOfNumber = ({ audit, approvals, streamSeconds }: Toolgate): string | undefined => {
  const keepDays = audit?.keepDays;
  const hours = approvals?.expiresHours;
  if (keepDays !== undefined && !(Number.isInteger(keepDays) && keepDays >= 1))
    return "audit.keepDays must be a whole number from 1";
  if (hours !== undefined && !isWithin(hours, 1, MOST_HOURS))
    return `approvals.expiresHours must be a number from 1 to ${String(MOST_HOURS)}`;
  if (streamSeconds !== undefined && !isWithin(streamSeconds, 1, MOST_SECONDS))
    return `streamSeconds must be a number from 1 to ${String(MOST_SECONDS)}`;
  return undefined;
};

/**
 * Defines the app for the glue: `export const app: Toolgate = defineToolgate({ … })`. The annotation is needed, because the tools refer
 * to modules that import the app.
 *
 * Whether each tool's function exists and can be described is not checked here. The catalog does that.
 *
 * @throws Error that names the setting for a number that is out of range or none, and for roles that are no function. Convex evaluates it at each push, which then fails.
 */
export const defineToolgate = <const P extends string, const Q extends P>(
  definition: Definition<P, Q>,
): Toolgate => {
  const app: Toolgate = { dir: "toolgate", ...definition };
  const fault = faultOf(app);
  if (fault !== undefined) throw new Error(`defineToolgate: ${fault}`);
  return app;
};
