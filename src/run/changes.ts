/**
 * Fingerprints of all that a caller can see change. An open stream polls them. Convex answers from its query cache until a row that
 * was read changes, so an app need not report its changes.
 */
import { v, type Infer } from "convex/values";
import { isStanding, standingOf } from "../auth/grant";
import { fixedOn } from "../auth/fixed";
import { isHeldFor } from "../auth/approval";
import { authorize, rightsOf, type Rights } from "../auth/rights";
import { stopped } from "../auth/stop";
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
import type { Tool } from "../registry/tools";
import { attempt } from "./attempt";
import { UNEXPLAINED } from "./explain";
import { findQuery } from "./queries";

/** The caller, and the URIs of the resources that the caller watches. */
const watchingValidator = () =>
  v.object({ principal: principalValidator(), uris: v.array(v.string()) });

export type Watching = Infer<ReturnType<typeof watchingValidator>>;

const changesValidator = () =>
  v.object({
    /** A digest of the names and descriptions that the caller may see. The next two are alike. */
    tools: v.string(),
    prompts: v.string(),
    resources: v.string(),
    /** A digest of the content of each URI, in their order; null for a URI that the caller cannot read. */
    uris: v.array(v.union(v.string(), v.null())),
    /** False once the caller's key may no longer be used. */
    isKeyValid: v.boolean(),
    /** True once the operator has stopped all requests. */
    isStopped: v.boolean(),
  });

export type Changes = Infer<ReturnType<typeof changesValidator>>;

/** The fields of an entry that a list shows. Each kind of entry has some of them. */
interface Listed extends Entry {
  readonly title?: string;
  readonly name?: string;
  readonly description?: string;
  readonly mimeType?: string;
}

/** @param isHeld - whether the caller's calls of it need approval. It shows in the schema of the answers. */
const listDigest = <One extends Listed>(
  rights: Rights,
  kind: Target["kind"],
  entries: Entries<One> = {},
  isHeld: (name: string, one: One) => boolean = () => false,
): Promise<string> =>
  digest(
    entriesOf(entries)
      .filter(([name, one]) => authorize(rights, { kind, name }, one))
      .map(([key, one]) => {
        const { title = "", name = "", description = "", mimeType = "" } = one;
        const fixed = fixedOn(rights, { kind, name: key }) ?? {};
        return [key, title, name, description, mimeType, fixed, isHeld(key, one)];
      }),
  );

/**
 * Returns a digest of a resource's content. A query that fails counts as without content, because its message may differ each time.
 * So does a query that asks first.
 */
const contentDigest = async (
  tx: Pick<GateQuery, "runQuery">,
  registry: Registry,
  principal: Principal,
  target: Target,
): Promise<string | null> => {
  const query = findQuery(registry, { target, args: {} }, { principal });
  if (query === undefined) return null;
  const ended = await attempt(
    () => tx.runQuery(query.ref, query.args),
    () => Promise.resolve(UNEXPLAINED),
  );
  return "result" in ended && ended.result !== null && ended.result !== "null"
    ? digest(ended.result)
    : null;
};

/** The definition of the internal query behind `subscriptions/listen`. It checks the caller's rights at each poll. */
export const watching = (registry: Registry & { readonly dir: string }) => ({
  get args() {
    return watchingValidator().fields;
  },
  get returns() {
    return changesValidator();
  },
  handler: async <Model extends GateDataModel>(
    tx: GateQueryCtx<Model> & Pick<GateQuery, "runQuery">,
    { principal, uris }: Watching,
  ): Promise<Changes> => {
    const db = gateReader(tx);
    const standing = await standingOf(db, principal);
    const rights = await rightsOf(db, principal, standing);
    const contentOf = (uri: string): Promise<string | null> => {
      const target = { kind: "resource", name: uri } as const;
      const named = findTarget(registry, target);
      return named !== undefined && authorize(rights, target, named)
        ? contentDigest(tx, registry, principal, target)
        : Promise.resolve(null);
    };
    const isHeld = (name: string, tool: Tool) => isHeldFor(rights.approval, name, tool, registry);
    return {
      tools: await listDigest(rights, "tool", registry.tools, isHeld),
      prompts: await listDigest(rights, "prompt", registry.prompts),
      resources: await listDigest(rights, "resource", registry.resources),
      uris: await Promise.all(uris.map(contentOf)),
      isKeyValid: isStanding(standing),
      isStopped: stopped() === "all",
    };
  },
});
