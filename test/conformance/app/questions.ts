import { answerQuestion, askQuestions, readResponses } from "../../../src/asking/questions";
import { internalMutation, internalQuery } from "./server";

export const ask = internalMutation(askQuestions);
export const answer = internalMutation(answerQuestion);
export const read = internalQuery(readResponses);
