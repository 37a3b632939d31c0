/** Requests to clients that wait for an answer. Light: a stream asks here again and again. */
import { answerQuestion, askQuestions, readResponses } from "../src/asking/questions";
import { internalMutation, internalQuery } from "./_generated/server";

export const ask = internalMutation(askQuestions);
export const answer = internalMutation(answerQuestion);
export const read = internalQuery(readResponses);
