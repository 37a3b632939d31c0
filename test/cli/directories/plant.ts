/** What goes wrong between a deployment and a directory, and how it is planted: in the JSON or in the place of an answer. */
import { PATHS } from "../../../cli/directories/seen";

export type Json = Record<string, unknown>;

/** Changes what lies at a path, or what a method answers. */
export type Change = (asked: string, answer: Response) => Promise<Response> | Response;

/** What goes wrong between the deployment and the directory. */
export interface Plant {
  readonly origin?: string;
  readonly change?: Change;
}

export const withBody = (answer: Response, body: string, headers: Record<string, string> = {}) =>
  new Response(body, {
    status: answer.status,
    headers: { ...Object.fromEntries(answer.headers), ...headers },
  });

/** Changes the JSON that one question is answered with. */
export const json =
  (asked: string, change: (body: Json) => void): Change =>
  async (question, answer) => {
    if (question !== asked) return answer;
    const body = JSON.parse(await answer.text()) as Json;
    change(body);
    return withBody(answer, JSON.stringify(body));
  };

export const inResult = (method: string, change: (result: Json) => void) =>
  json(method, ({ result }) => {
    change(result as Json);
  });

/** Changes one tool of the list: the first unless named. */
export const inTool = (change: (tool: Json) => void, wanted = "customers_search") =>
  inResult("tools/list", ({ tools }) => {
    change((tools as Json[]).find(({ name }) => name === wanted)!);
  });

export const inAnnotations = (change: Json, wanted?: string) =>
  inTool((tool) => {
    Object.assign(tool.annotations as Json, change);
  }, wanted);

export const inServer = (change: Json) =>
  inResult("initialize", ({ serverInfo }) => {
    Object.assign(serverInfo as Json, change);
  });

export const inOAuth = (change: (metadata: Json) => void) =>
  json("/.well-known/oauth-authorization-server", change);

/** Another answer at one path. */
export const at =
  (path: string, make: (answer: Response) => Promise<Response> | Response): Change =>
  (asked, answer) =>
    asked === path ? make(answer) : answer;

export const gone = (path: string) => at(path, () => new Response("{}", { status: 404 }));
export const says = (path: string, text: string) => at(path, (answer) => withBody(answer, text));
export const CARD = `/mcp/${PATHS.card}`;
