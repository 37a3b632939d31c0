/** What must be decided before it costs a call of a Convex function. */
import { ALLOWED_ORIGIN } from "./deployment";
import type { Drive } from "./drive";
import { called, equal, status } from "./expect";
import { functions, KEY, MALFORMED_KEY } from "./functions";
import { anonymous, preflight } from "./requests";
import type { Answer } from "./send";

const ALLOW_ORIGIN = "access-control-allow-origin";

const refused = (answer: Answer, expected: number): void => {
  status(answer, expected);
  const { error } = JSON.parse(answer.text) as { error?: { code?: unknown } };
  equal("the error's code", error?.code, expected);
  called(answer);
};

export const refusals: readonly Drive[] = [
  {
    name: "no key",
    run: (send) =>
      send(functions, anonymous({}), (answer) => {
        refused(answer, 401);
      }),
  },
  {
    name: "malformed key",
    run: (send) =>
      send(functions, anonymous({ Authorization: `Bearer ${MALFORMED_KEY}` }), (answer) => {
        refused(answer, 401);
      }),
  },
  {
    name: "foreign origin",
    run: (send) => {
      const headers = { Authorization: `Bearer ${KEY}`, Origin: "https://evil.example.com" };
      return send(functions, anonymous(headers), (answer) => {
        refused(answer, 403);
        equal(ALLOW_ORIGIN, answer.headers.get(ALLOW_ORIGIN), null);
      });
    },
  },
  {
    name: "preflight",
    run: (send) =>
      send(functions, preflight(ALLOWED_ORIGIN), (answer) => {
        status(answer, 204);
        equal("the body", answer.text, "");
        equal(ALLOW_ORIGIN, answer.headers.get(ALLOW_ORIGIN), ALLOWED_ORIGIN);
        called(answer);
      }),
  },
];
