/** The check `event-stream`: a short answer must come as an event stream. */
import type { Params } from "../../../src/wire/jsonrpc";
import { admitted, resultIn, resultOf, typeOf, describe } from "../answer";
import type { Check } from "../check";
import type { Deployment } from "../deployment";
import { fail, ok, Verdict, type Finding } from "../finding";
import type { Heard } from "../hear";

const BUFFERED =
  "Something collects the answer before it passes it on: turn response buffering off there.";
const CUT = "Something between here and the deployment ends streams early: look at its time-outs.";
const CHANGED = "Something changes the answer's type: let text/event-stream pass as it is.";

/**
 * Checks what any event stream must fulfil, and returns it.
 *
 * @throws Verdict if the answer is no event stream, if a proxy has collected it, or if the connection broke.
 */
export const streamed = (heard: Heard): Heard => {
  const type = typeOf(admitted(heard));
  // A refusal comes as JSON, and `resultOf` reports it.
  if (type === "application/json") resultOf(heard);
  if (type !== "text/event-stream") throw new Verdict(fail(describe(heard), CHANGED));
  if (heard.headers.has("content-length")) {
    throw new Verdict(fail("an event stream with Content-Length", BUFFERED));
  }
  if (heard.ending === "cut") {
    throw new Verdict(fail(`cut after ${Math.round(heard.ms)} ms`, CUT));
  }
  return heard;
};

/** Returns the result with which a stream must end. @throws Verdict if it ends without one. */
export const resultAtEnd = (heard: Heard): Params => {
  const last = heard.messages.at(-1);
  if (last !== undefined && "id" in last) return resultIn(last, heard);
  throw new Verdict(fail(`ended after ${Math.round(heard.ms)} ms without a result`, CUT));
};

const run = async (deployment: Deployment): Promise<Finding> => {
  const { headers, ...request } = (await deployment.dialect()).ask("tools/list");
  const wanted = { ...request, headers: { ...headers, Accept: "text/event-stream" } };
  const heard = streamed(await deployment.hearWithKey(wanted, deployment.limits.requestMs));
  if (heard.ending === "left") return fail("it does not end", BUFFERED);
  resultAtEnd(heard);
  const [first = heard.ms] = heard.pieces;
  return ok(`first byte after ${Math.round(first)} ms, end after ${Math.round(heard.ms)} ms`);
};

/** Asks for the list of tools as a stream, because that writes no data and takes little time. */
export const eventStream: Check = { name: "event-stream", run };
