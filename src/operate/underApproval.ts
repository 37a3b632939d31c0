/**
 * The tools that a key or a role puts under approval. On a key it binds whom the key belongs to: all keys of its subject in the tenant have
 * the same, those to come too. So nobody gets around it with another key.
 */
import { idlePatterns } from "../auth/patterns";
import { refuse } from "../base/refuse";
import type { Doc, GateTx } from "../data/database";
import type { Tools } from "../registry/tools";

type Key = Doc<"toolgateKeys">;
type Owner = Pick<Key, "tenant" | "subject">;

/** The most patterns of one key or role. */
const MAX_PATTERNS = 50;

/** The most keys of a subject that one transaction changes, ended ones among them. */
const MAX_KEYS = 1_000;

/**
 * Checks patterns: names of tools, or beginnings of names with a `*`.
 *
 * @throws ConvexError `invalid_arguments` for one that means no tool, and for more than 50.
 */
export const requirePatterns = (patterns: readonly string[], tools: Tools): void => {
  if (patterns.length > MAX_PATTERNS)
    refuse("invalid_arguments", `approval: at most ${String(MAX_PATTERNS)} names`);
  const [idle] = idlePatterns(patterns, Object.keys(tools));
  if (idle === undefined) return;
  const expected = "the name of a tool, or a beginning with *";
  refuse("invalid_arguments", `approval: expected ${expected}, got ${JSON.stringify(idle)}`);
};

const keysOf = (tx: GateTx, { tenant, subject }: Owner) =>
  tx.db
    .query("toolgateKeys")
    .withIndex("by_tenant_subject", (q) => q.eq("tenant", tenant).eq("subject", subject))
    .order("desc");

/** What the keys of a subject put under approval, ended ones too: to end a key and make another changes nothing. */
const approvalOf = async (tx: GateTx, owner: Owner): Promise<string[] | undefined> =>
  (await keysOf(tx, owner).first())?.approval;

/**
 * Sets it for all keys of a subject.
 *
 * @param patterns - checked; undefined or none removes it.
 * @throws ConvexError `invalid_arguments` for a subject with more keys than one transaction changes.
 */
export const setApproval = async (
  tx: GateTx,
  owner: Owner,
  patterns: readonly string[] = [],
): Promise<void> => {
  const keys = await keysOf(tx, owner).take(MAX_KEYS + 1);
  if (keys.length > MAX_KEYS)
    refuse("invalid_arguments", `approval: the subject has over ${String(MAX_KEYS)} keys`);
  const approval = patterns.length === 0 ? undefined : [...new Set(patterns)].sort();
  for (const { _id } of keys)
    await tx.db.patch("toolgateKeys", _id, { approval } as unknown as Partial<Key>);
};

/**
 * Gives a new key what its subject is bound by, and binds the subject by what the key adds. A new key loosens nothing.
 *
 * @param more - checked.
 * @returns the member of the new key's row; none if there is nothing.
 */
export const inheritApproval = async (
  tx: GateTx,
  owner: Owner,
  more: readonly string[] = [],
): Promise<Pick<Key, "approval">> => {
  const held = (await approvalOf(tx, owner)) ?? [];
  const approval = [...new Set([...held, ...more])].sort();
  if (approval.length > held.length) await setApproval(tx, owner, approval);
  return approval.length === 0 ? {} : { approval };
};
