/** `toolgate doctor` finds each fault of OAuth by the check that is for it, and by no other. */
import { describe, expect, test } from "vitest";
import type { Status } from "../../../cli/doctor/finding";
import type { Fault } from "../faultProxy";
import { html, keyless, seenBy, skipped, sound, statuses, through } from "./examined";
import * as oauth from "./faults/oauth";

describe.concurrent("OAuth", () => {
  const flow = (status: Status): Record<string, Status> => ({
    ...{ "oauth-register": status, "oauth-authorize": status, "oauth-token": status },
  });

  test("where it is off", async () => {
    const all = await through(oauth.withoutOAuth, {});
    expect(statuses(all)).toEqual(keyless);
    for (const name of Object.keys(sound).filter((one) => one.startsWith("oauth-")))
      expect(seenBy(all, name)).toBe("OAuth is off");
  });

  test("the app's own page and the app's own OpenID", async () => {
    const page = await through(oauth.ownPage, {});
    expect(statuses(page)).toEqual(keyless);
    expect(seenBy(page, "oauth-authorize")).toBe("the app's own page, at https://app.example.com");
    const openId = await through(oauth.ownOpenId, {});
    expect(statuses(openId)).toEqual(keyless);
    expect(seenBy(openId, "oauth-openid")).toBe("the app's own");
  });

  test.each<[string, Fault, string, Record<string, Status>, string]>([
    ["is not named by the 401", oauth.unnamedMetadata, "oauth-resource", {}, "names no resource"],
    ["is named elsewhere", oauth.foreignMetadata, "oauth-resource", {}, "https://elsewhere"],
    ["lies at the root only", oauth.noPathForm, "oauth-resource", {}, "HTTP 404"],
    ["names another resource", oauth.otherResource, "oauth-resource", {}, '/mcp/", not http'],
    ["names another server", oauth.otherServer, "oauth-resource", {}, "https://elsewhere"],
    ["has no root", oauth.noRootServer, "oauth-server", flow("skip"), "HTTP 404"],
    ["has an issuer with a slash", oauth.otherIssuer, "oauth-server", {}, "issuer is"],
    [
      ...(["sends tokens elsewhere", oauth.otherEndpoint, "oauth-server"] as const),
      { "oauth-token": "skip" },
      "token_endpoint is not at",
    ],
    ["lacks S256", oauth.noPkce, "oauth-server", {}, "lacks S256"],
    ["asks for secrets", oauth.noPublicClients, "oauth-server", {}, "lacks none"],
    ["lacks iss", oauth.noIss, "oauth-server", {}, "lacks true"],
    ["answers OpenID with HTML", oauth.htmlAtOpenId, "oauth-openid", {}, html],
    [
      ...(["refuses to register", oauth.refusesRegistration, "oauth-register"] as const),
      skipped("oauth-authorize", "oauth-token"),
      "HTTP 403",
    ],
    [
      ...(["registers secrets", oauth.registersSecrets, "oauth-register"] as const),
      skipped("oauth-authorize", "oauth-token"),
      "no public client",
    ],
    ["may be framed", oauth.framable, "oauth-authorize", {}, "may be framed"],
    ["has a login in front", oauth.signInInFront, "oauth-authorize", {}, "HTTP 303"],
    ["redirects anywhere", oauth.redirectsAnywhere, "oauth-authorize", {}, "HTTP 303"],
    ["refuses codes oddly", oauth.otherGrantError, "oauth-token", {}, "server_error"],
  ])("%s", async (_, fault, name, more, seen) => {
    const all = await through(fault, {});
    expect(statuses(all)).toEqual({ ...keyless, ...more, [name]: "fail" });
    expect(seenBy(all, name)).toContain(seen);
  });
});
