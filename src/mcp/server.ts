/** What an app tells the library: its name, its tools, and the internal functions that do the database work. */
import type { FunctionReference } from "convex/server";
import type { GenericId } from "convex/values";
import type { Responses } from "../asking/questions";
import type { Listed } from "../catalog/catalog";
import type { Call } from "../data/call";
import type { Asked, Ended } from "../data/outcome";
import type { Principal } from "../data/principal";
import type { Admission } from "../gate/admission";
import type { AnswerJobRef } from "../jobs/answer";
import type { Watched } from "../jobs/read";
import type { Registry } from "../registry/registry";
import type { Changes, Watching } from "../run/changes";
import type { Explain } from "../run/explain";
import type { Read } from "../run/reading";
import type { Caller } from "./caller";

type Internal<
  Kind extends "query" | "mutation",
  Args extends Record<string, unknown>,
  Returns,
> = FunctionReference<Kind, "internal", Args, Returns>;

/** What the app's gate module exports. */
interface GateFunctions {
  /** `internalMutation(admission(…))` */
  readonly admit: Internal<"mutation", { evidence: object; call: Call }, Admission<Caller>>;
}

/** What the app's jobs module exports for the HTTP side. */
interface JobFunctions {
  /** `internalQuery(watchJob)` */
  readonly watch: Internal<"query", { jobId: string; principal: Principal }, Watched | null>;
  /** `internalMutation(cancelJob)` */
  readonly cancel: Internal<
    "mutation",
    { jobId: string; principal: Principal; watcher?: number },
    null
  >;
  /** `internalMutation(answerJob(…))` */
  readonly answer: AnswerJobRef;
  /** `internalMutation(expireJob(…))` */
  readonly expire: Internal<"mutation", { jobId: string }, null>;
  /** `internalMutation(cancelJobOfRequest)` */
  readonly cancelRequest: Internal<
    "mutation",
    { keyId: string; session?: string; requestId: string },
    null
  >;
  /** `internalMutation(renewStreamLease)` */
  readonly renewLease: Internal<
    "mutation",
    { streamLease: GenericId<"toolgateStreamLeases">; open: boolean },
    null
  >;
}

/** What the app's catalog module exports. */
interface CatalogFunctions {
  /** `internalQuery(listing(…))` */
  readonly list: Internal<"query", Record<string, never>, Listed[]>;
  /** `internalQuery(explaining(…))` */
  readonly explain: Explain;
}

/** What the app's questions module exports. */
interface QuestionFunctions {
  /** `internalMutation(askQuestions)` */
  readonly ask: Internal<"mutation", { requestIds: string[]; principal: Principal }, null>;
  /** `internalQuery(readResponses)` */
  readonly read: Internal<"query", { requestIds: string[]; principal: Principal }, Responses>;
  /** `internalMutation(answerQuestion)` */
  readonly answer: Internal<
    "mutation",
    { requestId: string; principal: Principal; response: string },
    null
  >;
}

/** What the app's reading module exports. */
interface ReadingFunctions {
  /** `internalQuery(reading(…))` */
  readonly read: Internal<"query", Read, Ended | Asked>;
}

/** What the app's subscriptions module exports. */
interface SubscriptionFunctions {
  /** `internalQuery(watching(…))` */
  readonly changes: Internal<"query", Watching, Changes>;
}

/** The internal functions that the HTTP side calls, by the app's modules. */
interface ServerFunctions {
  readonly gate: GateFunctions;
  readonly catalog: CatalogFunctions;
  readonly jobs: JobFunctions;
  readonly questions: QuestionFunctions;
  readonly reading: ReadingFunctions;
  readonly subscriptions: SubscriptionFunctions;
}

export interface McpServer extends Registry {
  /** Shown to clients as `serverInfo`. */
  readonly name: string;
  readonly version: string;
  /** For the model: what this server is for. */
  readonly instructions?: string;
  /** Pass `internal`: the app has the modules gate, catalog, jobs, questions, reading and subscriptions. */
  readonly functions: ServerFunctions;
  /** `id:secret[,id:secret…]`, from the environment: what clients carry for the server is signed under it. */
  readonly peppers: () => string | undefined;
  /** The tool that shows a job: named to a model whose call outlasts its request. */
  readonly jobTool?: string;
  /** How long a stream may last, in seconds; 300 unless stated. Convex ends an HTTP action after 1,800. */
  readonly streamSeconds?: number;
}
