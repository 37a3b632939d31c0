/**
 * Requests of the server to a client of a 2025 revision, and the client's responses. A request goes out on the event stream of one
 * HTTP action. Its response comes in as a POST, which is another HTTP action. The two meet in a row.
 */
import { v, type Infer } from "convex/values";
import {
  gateReader,
  type GateDataModel,
  type GateQueryCtx,
  type GateReader,
  type GateTx,
} from "../data/database";
import { isStanding, standingOf } from "../auth/grant";
import { stopped } from "../auth/stop";
import { identityValidator, type Identity } from "../data/principal";

/** How long a row is kept: as long as the longest stream that Convex allows. */
const QUESTION_MS = 30 * 60 * 1000;

const find = (db: GateReader, requestId: string) =>
  db
    .query("toolgateQuestions")
    .withIndex("by_requestId", (q) => q.eq("requestId", requestId))
    .unique();

/** The definition of the mutation that writes the rows of requests before they are sent. Written once, if it is called twice. */
export const askQuestions = {
  get args() {
    return { requestIds: v.array(v.string()), principal: identityValidator() };
  },
  get returns() {
    return v.null();
  },
  handler: async (
    tx: GateTx,
    { requestIds, principal }: { requestIds: string[]; principal: Identity },
  ): Promise<null> => {
    const { tenant, subject } = principal;
    const expiresAt = Date.now() + QUESTION_MS;
    for (const requestId of requestIds) {
      if ((await find(tx.db, requestId)) !== null) return null;
      await tx.db.insert("toolgateQuestions", { requestId, tenant, subject, expiresAt });
    }
    return null;
  },
};

/**
 * The definition of the mutation that takes a response, once, and only from the caller who was asked. Any other response is ignored.
 * `response` is JSON text.
 */
export const answerQuestion = {
  get args() {
    return { requestId: v.string(), principal: identityValidator(), response: v.string() };
  },
  get returns() {
    return v.null();
  },
  handler: async (
    tx: GateTx,
    {
      requestId,
      principal: { tenant, subject },
      response,
    }: { requestId: string; principal: Identity; response: string },
  ): Promise<null> => {
    const row = await find(tx.db, requestId);
    if (row?.tenant !== tenant || row.subject !== subject || row.response !== undefined)
      return null;
    await tx.db.patch("toolgateQuestions", row._id, { response });
    return null;
  },
};

const responsesValidator = () =>
  v.object({
    /** The responses as JSON text, in the order of the requests; null for one that has not come yet. */
    responses: v.array(v.union(v.string(), v.null())),
    /** False once the caller's key may no longer be used. */
    isKeyValid: v.boolean(),
    /** True once the operator has stopped all requests. */
    isStopped: v.boolean(),
  });

export type Responses = Infer<ReturnType<typeof responsesValidator>>;

/** The definition of the query that a waiting request polls. Whether the requests belong to the caller is not checked. */
export const readResponses = {
  get args() {
    return { requestIds: v.array(v.string()), principal: identityValidator() };
  },
  get returns() {
    return responsesValidator();
  },
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { requestIds, principal }: { requestIds: string[]; principal: Identity },
  ): Promise<Responses> => {
    const db = gateReader(ctx);
    const rows = await Promise.all(requestIds.map((requestId) => find(db, requestId)));
    return {
      responses: rows.map((row) => row?.response ?? null),
      isKeyValid: isStanding(await standingOf(db, principal)),
      isStopped: stopped() === "all",
    };
  },
};
