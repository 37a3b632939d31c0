/**
 * What a caller could see change, as fingerprints. An open stream asks for them again and again; Convex answers from its query
 * cache until a row that they were made of changes, so nobody has to tell the gate of a change.
 */
import { v, type Infer } from "convex/values";
import { findKey, isKeyValid } from "../auth/credential";
import { authorize, rightsOf, type Rights } from "../auth/rights";
import { digest } from "../base/digest";
import type { Target } from "../data/call";
import {
  gateReader,
  type GateDataModel,
  type GateQuery,
  type GateQueryCtx,
} from "../data/database";
import { principalValidator, type Principal } from "../data/principal";
import { entriesOf, type Entries } from "../registry/entries";
import { findTarget, type Entry, type Registry } from "../registry/registry";
import { attempt } from "./attempt";
import { findQuery } from "./queries";

const watchingValidator = () =>
  v.object({ principal: principalValidator(), uris: v.array(v.string()) });

export type Watching = Infer<ReturnType<typeof watchingValidator>>;

const changesValidator = () =>
  v.object({
    /** Of the names and descriptions that the caller may see. */
    tools: v.string(),
    prompts: v.string(),
    resources: v.string(),
    /** Of what each of the URIs holds, in their order; null for one that the caller cannot read. */
    uris: v.array(v.union(v.string(), v.null())),
    /** False once the key was revoked or has expired. */
    isKeyValid: v.boolean(),
  });

export type Changes = Infer<ReturnType<typeof changesValidator>>;

/** What lists show of an entry, whichever of these it has. */
interface Listed extends Entry {
  readonly title?: string;
  readonly name?: string;
  readonly description?: string;
  readonly mimeType?: string;
}

const listDigest = (
  rights: Rights,
  kind: Target["kind"],
  entries: Entries<Listed> = {},
): Promise<string> =>
  digest(
    entriesOf(entries)
      .filter(([name, one]) => authorize(rights, { kind, name }, one))
      .map(([key, { title, name, description, mimeType }]) => [
        ...[key, title ?? "", name ?? "", description ?? "", mimeType ?? ""],
      ]),
  );

/** A query that fails has nothing to show: its message may differ each time. Nor has one that would have to ask first. */
const contentDigest = async (
  ctx: Pick<GateQuery, "runQuery">,
  registry: Registry,
  principal: Principal,
  target: Target,
): Promise<string | null> => {
  const query = findQuery(registry, { target, args: {} }, { principal });
  if (query === undefined) return null;
  const ended = await attempt(
    () => ctx.runQuery(query.ref, query.args),
    () => Promise.resolve([]),
  );
  return "result" in ended && ended.result !== null && ended.result !== "null"
    ? digest(ended.result)
    : null;
};

/** The definition of the internal query behind `subscriptions/listen`. */
export const watching = (registry: Registry) => ({
  get args() {
    return watchingValidator().fields;
  },
  get returns() {
    return changesValidator();
  },
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model> & Pick<GateQuery, "runQuery">,
    { principal, uris }: Watching,
  ): Promise<Changes> => {
    const db = gateReader(ctx);
    const key = await findKey(db, principal.keyId);
    const rights = await rightsOf(db, principal, key);
    const contentOf = (uri: string): Promise<string | null> => {
      const target = { kind: "resource", name: uri } as const;
      const named = findTarget(registry, target);
      return named !== undefined && authorize(rights, target, named)
        ? contentDigest(ctx, registry, principal, target)
        : Promise.resolve(null);
    };
    return {
      tools: await listDigest(rights, "tool", registry.tools),
      prompts: await listDigest(rights, "prompt", registry.prompts),
      resources: await listDigest(rights, "resource", registry.resources),
      uris: await Promise.all(uris.map(contentOf)),
      isKeyValid: isKeyValid(key),
    };
  },
});
