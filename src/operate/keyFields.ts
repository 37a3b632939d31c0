/** The fields that an operator sets on a key, with their checks. */
import { v, type Infer } from "convex/values";
import { isSeen } from "../base/plainText";
import { withoutKeys } from "../base/text";
import type { GateTx } from "../data/database";
import { ONLY_TENANT } from "../data/principal";
import { refuse } from "../base/refuse";
import { requireRole } from "./roles";
import { requirePatterns } from "./underApproval";
import { constraintsValidator, fixedValidator } from "../data/values";
import { requireFixed } from "./fixedFields";
import type { Toolgate } from "../registry/toolgate";
import type { Tools } from "../registry/tools";

/** The parts of a key that an operator may choose and later change. */
export const keyFields = {
  name: v.string(),
  role: v.string(),
  /** Counted from now; 1 to 365. */
  expiresInDays: v.number(),
  /** If set, the key allows only these tools, and only if the role allows them too. */
  tools: v.array(v.string()),
  constraints: constraintsValidator(),
  /** Tool → argument → the value that the server fills in. No client of the key sees or sends such an argument. */
  fixed: fixedValidator(),
  /**
   * True for an agent without a user who could be asked, or whose client declines every question by itself: the server asks it nothing,
   * and its `confirm: true` counts. Default: false.
   */
  unattended: v.boolean(),
  /** True for a key that may only read: queries, resources and prompts, whatever its role. Default: false. */
  readOnly: v.boolean(),
  /** Names of tools, or beginnings of names with a `*`: somebody must approve their calls. It binds all keys of the subject. */
  approval: v.array(v.string()),
};

const keyFieldsValidator = v.object(keyFields).partial();

export type KeyFields = Infer<typeof keyFieldsValidator>;

/** Days until a key expires, by default. */
export const DEFAULT_DAYS = 90;

/** Returns the time after this many days from now, in milliseconds since 1970. */
export const expiryAfter = (days: number): number => Date.now() + days * 24 * 60 * 60 * 1000;

const invalid = (message: string) => refuse("invalid_arguments", message);

/** What breaks a line or turns the direction of writing. */
const isSteering = (text: string): boolean => /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(text);

/**
 * Checks a text.
 *
 * @param field - its name, for the error message.
 * @throws ConvexError `invalid_arguments` unless `text` has 1 to `most` characters, not only spaces or invisible ones, no control character, no mark that turns the direction of writing, and no API key.
 */
export const requireText = (field: string, text: string, most: number): void => {
  if (!isSeen(text) || text.length > most || isSteering(text)) {
    invalid(`${field}: expected 1 to ${String(most)} printable characters`);
  }
  if (withoutKeys(text) !== text) invalid(`${field}: must not contain an API key`);
};

const requireTools = (field: string, names: readonly string[], registry: Tools): void => {
  const unknown = names.find((name) => !Object.hasOwn(registry, name));
  if (unknown !== undefined) invalid(`${field}: there is no tool ${JSON.stringify(unknown)}`);
};

const requireConstraints = (constraints: Infer<ReturnType<typeof constraintsValidator>>): void => {
  for (const [tool, paths] of Object.entries(constraints)) {
    for (const [path, { min, max, oneOf }] of Object.entries(paths)) {
      const field = `constraints: ${tool}.${path}`;
      if (min === undefined && max === undefined && oneOf === undefined) {
        invalid(`${field} needs min, max or oneOf`);
      }
      if (min !== undefined && max !== undefined && min > max)
        invalid(`${field} has min above max`);
    }
  }
};

/**
 * Checks the fields of a key. For a role, it also writes the app's default roles if the database has none yet.
 *
 * Whether a constraint's path names an argument of its tool is not checked. A wrong path refuses every call of the tool.
 *
 * @throws ConvexError `invalid_arguments` that names the field.
 */
export const requireKeyFields = async (
  tx: GateTx,
  app: Toolgate,
  { name, role, expiresInDays, tools, constraints, fixed, approval }: KeyFields,
): Promise<void> => {
  if (name !== undefined) requireText("name", name, 100);
  if (
    expiresInDays !== undefined &&
    !(Number.isInteger(expiresInDays) && expiresInDays >= 1 && expiresInDays <= 365)
  ) {
    invalid("expiresInDays: expected an integer from 1 to 365");
  }
  requireTools("tools", tools ?? [], app.tools);
  requireTools("constraints", Object.keys(constraints ?? {}), app.tools);
  requireConstraints(constraints ?? {});
  if (approval !== undefined) requirePatterns(approval, app.tools);
  if (fixed !== undefined) await requireFixed(tx, app, fixed);
  if (role !== undefined) await requireRole(tx, app, role);
};

/**
 * Checks the tenant of a new key, or fills it in for an app with one tenant.
 *
 * @returns the tenant.
 * @throws ConvexError `invalid_arguments` if the tenant does not exist or is missing, or if it is stated in an app with one tenant.
 */
export const requireTenant = async (
  tx: GateTx,
  { tenants }: Toolgate,
  tenant: string | undefined,
): Promise<string> => {
  if (tenants === undefined)
    return tenant === undefined ? ONLY_TENANT : invalid("tenant: this app has only one");
  if (tenant === undefined) return invalid("tenant: expected the name of a tenant");
  if (await tx.runQuery(tenants.exists(), { slug: tenant })) return tenant;
  return invalid(`tenant: there is no tenant ${JSON.stringify(tenant)}`);
};

/**
 * Checks the subject of a new key. The app is asked if it has a query for that.
 *
 * @param tenant - checked.
 * @param unstated - the subject if the operator states none and the app does not ask for one.
 * @returns the subject.
 * @throws ConvexError `invalid_arguments` for a text that is none, and for a subject that the app does not know.
 */
export const requireSubject = async (
  tx: GateTx,
  { subjects, tenants }: Toolgate,
  { subject, tenant }: { readonly subject?: string | undefined; readonly tenant: string },
  unstated?: string,
): Promise<string> => {
  const isKnown = subjects?.exists;
  const text = subject ?? (isKnown ? undefined : unstated);
  if (text === undefined) return invalid("subject: expected whom of the app the key is for");
  requireText("subject", text, 100);
  const asked = { subject: text, ...(tenants && { tenant }) };
  if (isKnown === undefined || (await tx.runQuery(isKnown(), asked))) return text;
  return invalid(`subject: the app knows no ${JSON.stringify(text)}`);
};
