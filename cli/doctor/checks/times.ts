/**
 * The checks of time: how long a list, a read and a write take, seen from here. They run one after the other and after all else, since
 * requests at the same time slow each other down.
 */
import type { Params } from "../../../src/wire/jsonrpc";
import { admitted, resultOf, textOf, typeOf } from "../answer";
import type { Ask } from "../ask";
import type { Check } from "../check";
import type { Deployment } from "../deployment";
import { needed, ok, skip, Verdict, warn, type Finding } from "../finding";
import type { NamedCall } from "../target";
import { isReadOnly, type ToolPage } from "../toolPage";
import { choose, requireListed } from "./tools";

/** How often each is asked for: few, because the key and the audit log pay for it. */
const COUNT = 5;

const NAME_ONE =
  "A write is never made unasked: --write-tool <name> --write-arguments '{…}' makes one five times.";
const REFUSED = "The tool refused the call: name other arguments.";

/** What is asked for, what is made of each result, and the check that reports if even the first request fails. */
interface Timed {
  readonly request: Ask;
  readonly accept: (result: Params) => void;
  readonly reportedBy?: string;
}

const askOnce = async (deployment: Deployment, { request, accept }: Timed): Promise<number> => {
  const reply = admitted(await deployment.askWithKey(request));
  if (typeOf(reply) === "text/event-stream")
    throw new Verdict(skip("a long tool", "Name one that answers at once."));
  accept(resultOf(reply));
  return reply.ms;
};

/** Asks up to five times, and no more once `requestMs` have passed. Returns the times in milliseconds, the shortest first. */
const timesOf = async (deployment: Deployment, timed: Timed): Promise<number[]> => {
  const until = performance.now() + deployment.limits.requestMs;
  const first = askOnce(deployment, timed);
  const { reportedBy } = timed;
  const times = [await (reportedBy === undefined ? first : needed(first, reportedBy))];
  while (times.length < COUNT && performance.now() < until)
    times.push(await askOnce(deployment, timed));
  return times.toSorted((a, b) => a - b);
};

/** The median, of an even number the lower of the two in the middle. */
const tell = (name: string, times: readonly number[]): Finding => {
  const [p50 = 0, least = 0, most = 0] = [
    times[Math.ceil(times.length / 2) - 1],
    ...[times[0], times.at(-1)],
  ].map((ms) => Math.round(ms ?? 0));
  const seen = `${p50} ms, from ${least} to ${most} ms in ${times.length} requests: ${name}`;
  return { ...ok(seen), p50Ms: p50 };
};

const timeCall = async (
  deployment: Deployment,
  call: NamedCall,
  reportedBy: Pick<Timed, "reportedBy"> = {},
): Promise<Finding> => {
  const request = (await deployment.dialect()).ask("tools/call", { ...call });
  const accept = (result: Params): void => {
    if (result.isError !== true) return;
    throw new Verdict(warn(`${call.name}: ${textOf(result)}`, REFUSED));
  };
  return tell(call.name, await timesOf(deployment, { request, accept, ...reportedBy }));
};

const runList = async (deployment: Deployment): Promise<Finding> => {
  const request = (await deployment.dialect()).ask("tools/list");
  const times = await timesOf(deployment, {
    request,
    accept: () => undefined,
    reportedBy: "tools/list",
  });
  return tell("tools/list", times);
};

const isReading = ({ tools }: ToolPage, { name }: NamedCall): boolean =>
  tools.some((listed) => listed.name === name && isReadOnly(listed));

const runRead = async (deployment: Deployment): Promise<Finding> => {
  const page = await needed(deployment.tools(), "tools/list");
  const call = choose(deployment, page);
  if (call === undefined) return skip("see tools/call");
  if (!isReading(page, call)) return skip(`${call.name} is not announced as read-only`);
  return timeCall(deployment, call, { reportedBy: "tools/call" });
};

const runWrite = async (deployment: Deployment): Promise<Finding> => {
  const { writeTool } = deployment.target;
  if (writeTool === undefined) return skip("no tool named", NAME_ONE);
  requireListed(await needed(deployment.tools(), "tools/list"), writeTool);
  return timeCall(deployment, writeTool);
};

/** In the order in which they run. */
export const times: readonly Check[] = [
  { name: "list-p50", run: runList },
  { name: "read-p50", run: runRead },
  { name: "write-p50", run: runWrite },
];
