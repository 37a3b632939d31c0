/** Shows keys to people. */
import { ONLY_TENANT } from "../../src/data/principal";
import type { KeyInfo } from "../../src/operate/keyInfo";
import type { Verification } from "../../src/operate/verifyKey";
import { constraintTexts } from "./constraint";
import { fixedTexts } from "./fixed";
import { fields, tenantTable } from "./print";

const day = (iso: string): string => iso.slice(0, 10);

/** What narrows the role. */
const narrowed = ({ tools, constraints, readOnly, fixed, approval }: KeyInfo): string =>
  [
    ...(readOnly ? ["read only"] : []),
    ...(tools === undefined && constraints === undefined ? [] : ["narrowed"]),
    ...(fixed === undefined ? [] : ["fixed"]),
    ...(approval === undefined ? [] : ["approval"]),
  ].join(", ");

/** Shows keys as a table, one key per line. */
export const keyTable = (keys: readonly KeyInfo[]): string =>
  tenantTable(
    ["keyId", "tenant", "role", "status", "expires", "last used", "", "name"],
    keys.map((key) => [
      ...[key.keyId, key.tenant, key.role, key.status, day(key.expiresAt)],
      ...[key.lastUsedAt === undefined ? "never" : day(key.lastUsedAt), narrowed(key), key.name],
    ]),
  );

/** Shows one key with all its fields. */
export const keyDetails = (key: KeyInfo): string => {
  const { keyId, name, tenant, role, status, tools, constraints, unattended, ...more } = key;
  const { readOnly, fixed, approval, ...rest } = more;
  return fields({
    ...{ keyId, name, role, status },
    tenant: tenant === ONLY_TENANT ? undefined : tenant,
    ...rest,
    unattended: unattended ? "yes: no user is asked, and confirm: true counts" : undefined,
    "read only": readOnly ? "yes: nothing that writes, whatever the role" : undefined,
    tools: tools?.join(", "),
    approval: approval && `${approval.join(", ")}: for all keys of the subject`,
    constraints: constraints && constraintTexts(constraints).join(", "),
    fixed: fixed && fixedTexts(fixed).join(", "),
  });
};

/** Shows whether a key is valid, or why not, and what it allows. */
export const verdict = ({ valid, reason, key, permissions }: Verification): string =>
  [
    valid ? "valid" : `not valid: ${reason ?? "unknown"}`,
    ...(key === undefined ? [] : [keyDetails(key)]),
    ...(permissions === undefined ? [] : [fields({ permissions: permissions.join(", ") })]),
  ].join("\n");
