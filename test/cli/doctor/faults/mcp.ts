/** What goes wrong with messages and tools, each as `startFaultProxy` takes it. */
import { setTimeout as sleep } from "node:timers/promises";
import { pass, type Fault } from "../../faultProxy";
import {
  both,
  errorReply,
  hasKey,
  html,
  isCall,
  isToolCall,
  not,
  reply,
  rewriting,
  wantsStream,
  where,
  type When,
} from "./pieces";

const isModern: When = ({ headers }) => headers["mcp-protocol-version"] === "2026-07-28";

export const breaksLegacy = where(
  (passage) =>
    isCall("initialize")(passage) || passage.headers["mcp-protocol-version"] === "2025-11-25",
  errorReply(400, "Unsupported protocol version"),
);

export const breaksModern = where(
  both(hasKey, isModern),
  reply(400, JSON.stringify({ error: { code: -32022, message: "Unsupported protocol version" } })),
);

export const answersHtml = where(
  both(
    hasKey,
    not(({ method }) => method === "GET"),
  ),
  html,
);

export const otherVersion = where(
  isCall("server/discover"),
  rewriting((body) => body.replace('"version":"0.1.0"', '"version":"0.0.9"')),
);

const isToolsList = both(isCall("tools/list"), not(wantsStream));

export const emptyToolsList = where(
  isToolsList,
  rewriting((body) => body.replace(/"tools":\[.*\]/, '"tools":[]')),
);

export const onlyWritingTools = where(
  isToolsList,
  rewriting((body) => body.replaceAll('"readOnlyHint":true', '"readOnlyHint":false')),
);

export const failingTool = where(
  isCall("tools/call"),
  reply(200, '{"jsonrpc":"2.0","id":1,"result":{"content":[{"text":"no"}],"isError":true}}'),
);

/** Says again what it was sent, the key among it. */
export const echoesKey = where(both(hasKey, isCall("tools/call")), (passage) =>
  errorReply(400, `Bad header ${passage.headers.authorization!}`)(passage),
);

/** Answers each call of a tool so many milliseconds later. */
export const slowTool = (ms: number): Fault =>
  where(isCall("tools/call"), async (passage) => {
    await sleep(ms);
    await pass(passage);
  });

/** Passes everything on, and notes the bodies of the calls of tools. */
export const countsCalls = (calls: string[]): Fault =>
  where(isCall("tools/call"), (passage) => {
    calls.push(passage.body);
    return pass(passage);
  });

/** Is overloaded after some calls of tools. */
export const failsLater = (after: number): Fault => {
  let calls = 0;
  return where(
    (passage) => isCall("tools/call")(passage) && ++calls > after,
    errorReply(503, "Overloaded"),
  );
};

export const limited = where(
  isToolCall,
  errorReply(429, "Too many requests", {
    "Retry-After": "3",
    "RateLimit-Policy": '"key";q=48;w=24',
  }),
);

export const limitedBlindly = where(isToolCall, errorReply(429, "Too many requests"));
