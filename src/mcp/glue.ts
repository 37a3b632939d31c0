/** The functions of the glue that the HTTP action calls, by file and name. */
import {
  makeFunctionReference,
  type DefaultFunctionArgs,
  type FunctionReference,
} from "convex/server";
import type { Responses } from "../asking/questions";
import type { Listed } from "../catalog/catalog";
import type { Call } from "../data/call";
import type { Asked, Ended } from "../data/outcome";
import type { Identity } from "../data/principal";
import type { Admission } from "../gate/admission";
import type { Watched } from "../jobs/read";
import type { Renewal } from "../middleware/renewal";
import type { Changes, Watching } from "../run/changes";
import type { Read } from "../run/reading";
import type { Caller } from "./caller";
import type { Incoming } from "./exchange";

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

type OwnJob = { jobId: string; principal: Identity };
type OwnQuestions = { requestIds: string[]; principal: Identity };

interface Queries {
  "reading:read": Query<Read, Ended | Asked>;
  "catalog:list": Query<{ approval?: string[] }, Listed[]>;
  "jobs:watch": Query<OwnJob, Watched | null>;
  "jobs:responses": Query<OwnQuestions, Responses>;
  "jobs:changes": Query<Watching, Changes>;
}

interface Mutations {
  "gate:admit": Mutation<{ evidence: object; call: Call }, Admission<Caller>>;
  "jobs:cancel": Mutation<OwnJob & { watcher?: number }, null>;
  "jobs:cancelRequest": Mutation<
    { keyId: string; session?: string | undefined; requestId: string },
    null
  >;
  "jobs:answer": Mutation<OwnJob & { responses: string }, null>;
  "jobs:expire": Mutation<{ jobId: string }, null>;
  "jobs:renewLease": Mutation<Renewal, null>;
  "jobs:ask": Mutation<OwnQuestions, null>;
  "jobs:respond": Mutation<{ requestId: string; principal: Identity; response: string }, null>;
}

type Asking = Pick<Incoming, "app" | "runner">;

/** The same request, whose calls are tried several times: for what no client can be asked to send again. */
export const patient = <Request extends Asking>(request: Request): Request => ({
  ...request,
  runner: request.runner.patient(),
});

/** Runs a query of the glue. It throws as `Runner` says. */
export const runQuery = <Name extends keyof Queries>(
  { app, runner }: Asking,
  name: Name,
  args: Queries[Name]["_args"],
): Promise<Queries[Name]["_returnType"]> =>
  runner.query(makeFunctionReference(`${app.dir}/${name}`), args);

/**
 * Runs a mutation of the glue. It throws as `Runner` says.
 *
 * @param isRepeatable - whether the same call, made twice, does the same as once. That holds for all of `jobs`.
 */
export const runMutation = <Name extends keyof Mutations>(
  { app, runner }: Asking,
  name: Name,
  args: Mutations[Name]["_args"],
  isRepeatable = true,
): Promise<Mutations[Name]["_returnType"]> =>
  runner.mutation(makeFunctionReference(`${app.dir}/${name}`), args, isRepeatable);
