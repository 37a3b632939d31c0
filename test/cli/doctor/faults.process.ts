/** `toolgate doctor` finds each fault by the check that is for it, and by no other. */
import { describe, expect, test } from "vitest";
import type { Status } from "../../../cli/doctor/finding";
import type { Fault } from "../faultProxy";
import {
  html,
  inside,
  key,
  seenBy,
  skipped,
  sound,
  soundBut,
  statuses,
  through,
  unreached,
} from "./examined";
import * as http from "./faults/http";
import * as mcp from "./faults/mcp";
import * as streams from "./faults/streams";

const unnamed = skipped("oauth-resource");
const oauthChecks = skipped(...Object.keys(sound).filter((name) => name.startsWith("oauth-")));

describe.concurrent("faults", () => {
  test.each<[string, Fault, string, Record<string, Status>, string]>([
    ["strips WWW-Authenticate", http.stripsChallenge, "challenge", unnamed, "no WWW-Authenticate"],
    ["lets strangers in", http.asksStrangersIn, "challenge", unnamed, "HTTP 200"],
    ["answers foreign pages", http.opensToPages, "foreign-origin", {}, "Allow-Origin: *"],
    ["answers any preflight", http.opensPreflight, "preflight", {}, "Allow-Origin: *"],
    [
      "answers well-known with HTML",
      http.htmlAtWellKnown,
      "well-known",
      oauthChecks,
      "404, text/html",
    ],
    ["hangs on GET", http.hangsOnGet, "GET", {}, "no answer within 3 s"],
    ["refuses a good key on GET", http.refusesGet, "GET", {}, "HTTP 401"],
    [
      ...(["has no pepper", http.noPepper, "pepper"] as const),
      { ...skipped("unknown-key", "key", "initialize", "server/discover"), ...inside },
      "API keys are off",
    ],
    [
      ...(["takes any key", http.takesAnyKey(() => key), "unknown-key"] as const),
      { pepper: "skip" },
      "HTTP 200",
    ],
    ["strips MCP headers", http.stripsMcpHeaders, "server/discover", {}, "error -32020"],
    ["has lost the legacy era", mcp.breaksLegacy, "initialize", {}, "HTTP 400, error 400"],
    ["has lost the modern era", mcp.breaksModern, "server/discover", {}, "error -32022"],
    [
      ...(["answers HTML", mcp.answersHtml, "initialize"] as const),
      { "server/discover": "fail", "unknown-key": "fail", pepper: "skip", ...inside },
      html,
    ],
    ["says the key again", mcp.echoesKey, "tools/call", {}, "Bad header Bearer [redacted]"],
    ["collects streams", streams.collectsStreams, "event-stream", {}, "Content-Length"],
    ["cuts streams", streams.cutsStreams, "event-stream", {}, "cut after"],
    ["ends streams early", streams.endsStreams, "event-stream", {}, "without a result"],
    ["answers a stream with HTML", streams.unstreams, "event-stream", {}, html],
    [
      ...(["limits without saying until when", mcp.limitedBlindly, "rate-limit"] as const),
      { "tools/call": "skip" },
      "without Retry-After",
    ],
  ])("%s", async (_, fault, name, more, seen) => {
    const all = await through(fault);
    expect(statuses(all)).toEqual(soundBut({ ...more, [name]: "fail" }));
    expect(seenBy(all, name)).toContain(seen);
    expect(JSON.stringify(all)).not.toContain(key);
  });

  test.each<[string, Fault, string, Record<string, Status>, string]>([
    ["has an old Date", http.oldDate, "clock", {}, "s behind this machine"],
    ["has no Date", http.noDate, "clock", {}, "no Date header"],
    ["is two servers", mcp.otherVersion, "version", {}, "toolgate-erp 0.0.9"],
    ["lists no tools", mcp.emptyToolsList, "tools/list", { "tools/call": "skip" }, "no tools"],
    ["has no tool that reads", mcp.onlyWritingTools, "tools/call", {}, "no read-only tool"],
    ["has a tool that fails", mcp.failingTool, "tools/call", {}, "customers_search: no"],
    ["is over its limit", mcp.limited, "rate-limit", { "tools/call": "skip" }, '3 s, "key";q=48'],
  ])("warns: %s", async (_, fault, name, more, seen) => {
    const all = await through(fault);
    expect(statuses(all)).toEqual(soundBut({ ...more, [name]: "warn" }));
    expect(seenBy(all, name)).toContain(seen);
  });

  test.each<[string, Fault, string]>([
    ["drops connections", http.dropsConnections, "no answer: UND_ERR_SOCKET"],
    ["answers nothing", http.answersNothing, "no answer within 3 s"],
    ["has nothing there", http.nothingThere, "HTTP 404"],
    ["redirects", http.redirects, "HTTP 308, to https://elsewhere.example/mcp"],
    ["has no deployment behind it", http.badGateway, "HTTP 502"],
    ["refuses the Host", http.refusesHost, "HTTP 403, Host not allowed"],
  ])("is not reached: %s", async (_, fault, seen) => {
    const all = await through(fault);
    expect(statuses(all)).toEqual(unreached);
    expect(seenBy(all, "reach")).toContain(seen);
  });
});

describe.concurrent("a long tool", () => {
  const target = () => ({ key, streamTool: { name: "slow", arguments: {} } });

  test.each<[string, Fault, Status, string]>([
    ["steady", streams.steadyTool, "ok", ", 4 events and comments, longest silence"],
    ["silent for too long", streams.silentTool, "fail", "longest silence 1."],
    ["buffered to the end", streams.bufferedTool, "fail", "all at once"],
    ["withheld altogether", streams.withheldTool, "fail", "not a byte in 1.5 s"],
    ["too brief to tell", streams.briefTool, "warn", ", 2 events and comments"],
    [
      "longer than it is listened to",
      streams.endlessTool,
      "ok",
      "left after 1.5 s; the job goes on",
    ],
    ["cut", streams.cutsStreams, "fail", "cut after"],
  ])("%s", async (_, fault, status, seen) => {
    const all = await through(fault, target(), { listenMs: 1_500 });
    const also = fault === streams.cutsStreams ? { "event-stream": "fail" } : {};
    expect(statuses(all)).toEqual({ ...sound, ...also, "long-stream": status });
    expect(seenBy(all, "long-stream")).toContain(seen);
  });
});
