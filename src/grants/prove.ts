/** Proves a key on the way to choosing tools, and lists what role and key allow. */
import type { KeyCredential } from "../auth/credential";
import { authorize, rightsOf } from "../auth/rights";
import type { GateTx } from "../data/database";
import { entriesOf } from "../registry/entries";
import type { Toolgate } from "../registry/toolgate";
import { isToolName } from "../registry/tools";
import { credentialValidator, proveParent, type Key } from "./parent";
import type { Refused } from "./refused";

/** A tool to choose. */
export type Choice = {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  /** Whether a connection that is read only hides it. */
  readonly writes: boolean;
};

/** What the page may tell whoever holds the key. */
export type Proven = Pick<Key, "keyId" | "name" | "subject" | "tenant" | "role" | "readOnly"> & {
  readonly tools: readonly Choice[];
};

const choicesOf = async (tx: GateTx, { tools }: Toolgate, key: Key): Promise<Choice[]> => {
  const rights = await rightsOf(tx.db, key, { key });
  return entriesOf(tools)
    .filter(([name]) => isToolName(name))
    .filter(([name, tool]) => authorize(rights, { kind: "tool", name }, tool))
    .map(([name, { title, description, kind }]) => ({
      ...{ name, description, writes: kind !== "query" },
      ...(title !== undefined && { title }),
    }));
};

/** The definition of `prove`. Refusals: `invalid_key` and `rate_limit`. */
export const prove = (app: Toolgate) => ({
  get args() {
    return { credential: credentialValidator() };
  },
  handler: async (
    tx: GateTx,
    { credential }: { credential: KeyCredential },
  ): Promise<Proven | Refused> => {
    const proven = await proveParent(tx, app, { credential });
    if ("refusal" in proven) return proven;
    const { keyId, name, subject, tenant, role, readOnly } = proven.key;
    const tools = await choicesOf(tx, app, proven.key);
    return { keyId, name, subject, tenant, role, tools, ...(readOnly && { readOnly }) };
  },
});
