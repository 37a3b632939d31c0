/** The types of the functions in the glue that the HTTP action calls, by file and name. */
import type { DefaultFunctionArgs, FunctionReference } from "convex/server";
import type { GenericId } from "convex/values";
import type { Responses } from "../asking/questions";
import type { Listed } from "../catalog/catalog";
import type { Call } from "../data/call";
import type { Asked, Ended } from "../data/outcome";
import type { Principal } from "../data/principal";
import type { Admission } from "../gate/admission";
import type { Watched } from "../jobs/read";
import type { Changes, Watching } from "../run/changes";
import type { Read } from "../run/reading";
import type { Caller } from "./caller";

type Query<Args extends DefaultFunctionArgs, Returns> = FunctionReference<
  "query",
  "public",
  Args,
  Returns
>;
type Mutation<Args extends DefaultFunctionArgs, Returns> = FunctionReference<
  "mutation",
  "public",
  Args,
  Returns
>;

type OwnJob = { jobId: string; principal: Principal };
type OwnQuestions = { requestIds: string[]; principal: Principal };

/** Used as `ctx.runQuery<Glue["jobs:watch"]>(makeFunctionReference(`${app.dir}/jobs:watch`), …)`. */
export interface Glue {
  "gate:admit": Mutation<{ evidence: object; call: Call }, Admission<Caller>>;
  "reading:read": Query<Read, Ended | Asked>;
  "catalog:list": Query<Record<string, never>, Listed[]>;
  "jobs:watch": Query<OwnJob, Watched | null>;
  "jobs:cancel": Mutation<OwnJob & { watcher?: number }, null>;
  "jobs:cancelRequest": Mutation<
    { keyId: string; session?: string | undefined; requestId: string },
    null
  >;
  "jobs:answer": Mutation<OwnJob & { responses: string }, null>;
  "jobs:expire": Mutation<{ jobId: string }, null>;
  "jobs:renewLease": Mutation<
    { streamLease: GenericId<"toolgateStreamLeases">; open: boolean },
    null
  >;
  "jobs:ask": Mutation<OwnQuestions, null>;
  "jobs:responses": Query<OwnQuestions, Responses>;
  "jobs:respond": Mutation<{ requestId: string; principal: Principal; response: string }, null>;
  "jobs:changes": Query<Watching, Changes>;
}
