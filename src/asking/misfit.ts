/** Questions whose answers did not fit. They are asked again, and the client is told what was wrong. */
import type { InputRequest, InputRequests } from "./request";

/** The most answers to one question that may not fit. After them, client and tool do not understand each other. */
export const MAX_MISFITS = 3;

/** What was wrong with the newest answer to a question, and how many answers have not fitted. */
export interface Misfit {
  readonly problem: string;
  readonly count: number;
}

/** A request that waits for its answer, with the misfit of an earlier one. The tool's own request never has a misfit. */
export type OpenRequest = InputRequest & { readonly misfit?: Misfit };

/** Key → request that waits. */
export type OpenRequests = Readonly<Record<string, OpenRequest>>;

/** Returns the request as the tool asked it. An answer counts for that, whatever was wrong with an earlier one. */
export const asAsked = ({ misfit: _misfit, ...request }: OpenRequest): InputRequest => request;

const shown = (open: OpenRequest): InputRequest => {
  const request = asAsked(open);
  if (open.misfit === undefined || request.method !== "elicitation/create") return request;
  const { message, ...params } = request.params;
  const note = `(The last answer did not fit: ${open.misfit.problem})`;
  return { ...request, params: { ...params, message: `${message} ${note}` } };
};

/** Returns the requests as the client gets them: questions to the user say what was wrong with the last answer. */
export const shownRequests = (requests: OpenRequests): InputRequests =>
  Object.fromEntries(Object.entries(requests).map(([key, one]) => [key, shown(one)]));
