/** The check `long-stream`: the stream of a long tool must arrive as it is sent, and never be silent for too long. */
import { textOf } from "../answer";
import type { Ask } from "../ask";
import type { Check } from "../check";
import type { Deployment } from "../deployment";
import { fail, ok, skip, Verdict, warn, type Finding } from "../finding";
import type { Heard } from "../hear";
import { NoReply } from "../noReply";
import { resultAtEnd, streamed } from "./eventStream";

const NAME_ONE =
  "A long tool may write, so none is called unasked: --stream-tool <name> --stream-arguments '{…}'.";
const BUFFERED =
  "Something collects the stream: turn response buffering off there, compression too.";
const SILENT =
  "Something holds back the stream, or the deployment is too busy: turn response buffering off on the way.";
const REFUSED = "The tool refused the call: name other arguments.";
const LONGER = "Name a call that takes some seconds, to tell buffering from speed.";

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Returns the longest silence in milliseconds. The times before the first piece and after the last one count too. */
const longestSilence = ({ pieces, ms }: Heard): number => {
  const times = [0, ...pieces, ms];
  return Math.max(...times.slice(1).map((time, at) => time - (times[at] ?? 0)));
};

/** Whether several events came only in the last fifth of the time. The caller checks that the time was long enough. */
const cameAtOnce = ({ pieces: [first = 0], ms, count }: Heard): boolean =>
  count > 1 && first > 0.8 * ms;

const judgeEnd = (heard: Heard, leaving: string): string => {
  if (heard.ending === "left") return `left after ${inSeconds(heard.ms)}; ${leaving}`;
  const result = resultAtEnd(heard);
  if (result.isError === true) throw new Verdict(warn(textOf(result), REFUSED));
  return `complete after ${inSeconds(heard.ms)}`;
};

const judge = (heard: Heard, { limits }: Deployment, leaving: string): Finding => {
  const silence = longestSilence(heard);
  const end = judgeEnd(heard, leaving);
  const seen = `${end}, ${heard.count} events and comments, longest silence ${inSeconds(silence)}`;
  if (silence > limits.silenceMs) return fail(seen, SILENT);
  if (heard.ms < limits.briefMs) return warn(seen, LONGER);
  return cameAtOnce(heard) ? fail(`all at once: ${seen}`, BUFFERED) : ok(seen);
};

/** Calls the tool and listens. Returns undefined if not even a status came in time. */
const listen = async (deployment: Deployment, request: Ask): Promise<Heard | undefined> => {
  try {
    return await deployment.hearWithKey(request, deployment.limits.listenMs);
  } catch (error) {
    if (error instanceof NoReply && error.isTimeout) return undefined;
    throw error;
  }
};

const run = async (deployment: Deployment): Promise<Finding> => {
  const { streamTool } = deployment.target;
  if (streamTool === undefined) return skip("no tool named", NAME_ONE);
  const dialect = await deployment.dialect();
  const call = dialect.ask("tools/call", { ...streamTool }, { progressToken: 1 });
  const headers = { ...call.headers, Accept: "text/event-stream" };
  const heard = await listen(deployment, { ...call, headers });
  if (heard === undefined) {
    return fail(`not a byte in ${inSeconds(deployment.limits.listenMs)}`, BUFFERED);
  }
  const leaving = dialect.leavingCancels ? "which cancels the call" : "the job goes on";
  return judge(streamed(heard), deployment, leaving);
};

/** Calls the long tool that the user named, and listens to its stream. */
export const longStream: Check = { name: "long-stream", run };
