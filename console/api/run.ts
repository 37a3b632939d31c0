/** Runs an operator's function of the deployment, by the server that serves this page. */
import { Failure } from "./failure";
import type { Functions, FunctionName } from "./functions";
import { send } from "./send";

type Answer = { value: unknown } | { error: { code: string; message: string } };

const parse = async (response: Response): Promise<Answer> => {
  const body = (await response.json().catch(() => undefined)) as Answer | undefined;
  if (body === undefined)
    throw new Failure("broken", `The server answered ${response.status} without JSON`);
  return body;
};

/**
 * @param name - in the glue folder: `admin:listKeys`.
 * @throws Failure with the code and message of a function that refuses
 */
export const run = async <Name extends FunctionName>(
  name: Name,
  args: Functions[Name]["args"],
  signal?: AbortSignal,
): Promise<Functions[Name]["value"]> => {
  const answer = await parse(
    await send("/console/run", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ function: name, args }),
      ...(signal && { signal }),
    }),
  );
  if ("error" in answer) throw new Failure(answer.error.code, answer.error.message);
  return answer.value as Functions[Name]["value"];
};
