/** A person before the page of consent, with a watch for the calls that it makes. */
import { beforeEach } from "vitest";
import { counting, newApp } from "../support/app";
import { issueKey, newServer } from "../support/gate";
import { fieldOf, newFlow, open } from "../support/connect";

/** A deployment with a key and a flow, and the request on its page. Each test begins with no calls. */
export const newConsent = async () => {
  const calls: string[] = [];
  const t = await newServer({ t: newApp({ connect: {}, front: counting(calls) }) });
  const { key, keyId } = await issueKey(t);
  const flow = await newFlow(t);
  const request = fieldOf(await open(t, flow), "request");
  beforeEach(() => {
    calls.length = 0;
  });
  return { calls, t, key, keyId, flow, request };
};

export const FOREIGN = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
