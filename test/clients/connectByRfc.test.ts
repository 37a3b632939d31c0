/** A client that reads the RFCs on its own, and knows nothing but the URL: it finds OAuth, and comes back with a token. */
import * as oauth from "oauth4webapi";
import { describe, expect, test } from "vitest";
import { serveApp } from "./app";
import { decide } from "./person";

const app = serveApp();

const REDIRECT = "http://localhost:51234/callback";

describe("oauth4webapi, which reads the RFCs on its own", () => {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- It warns of http, which is all there is on loopback.
  const options = { [oauth.allowInsecureRequests]: true };
  const NONE = oauth.None();

  /** From the URL alone to a client that is registered. */
  const discover = async () => {
    const challenge = await oauth
      .protectedResourceRequest("nothing", "POST", app.url, new Headers(), null, options)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(challenge).toBeInstanceOf(oauth.WWWAuthenticateChallengeError);
    const [{ parameters }] = (challenge as oauth.WWWAuthenticateChallengeError).cause as [
      oauth.WWWAuthenticateChallenge,
    ];
    const resource = await oauth.processResourceDiscoveryResponse(
      app.url,
      await oauth.resourceDiscoveryRequest(app.url, options),
    );
    expect(parameters.resource_metadata).toBe(
      `${app.url.origin}/.well-known/oauth-protected-resource${app.url.pathname}`,
    );
    const issuer = new URL(resource.authorization_servers![0]!);
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { ...options, algorithm: "oauth2" }),
    );
    const registration = await oauth.dynamicClientRegistrationRequest(
      server,
      { redirect_uris: [REDIRECT], token_endpoint_auth_method: "none" },
      options,
    );
    return { server, client: await oauth.processDynamicClientRegistrationResponse(registration) };
  };

  const authorize = async (key: string) => {
    const { server, client } = await discover();
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const address = new URL(server.authorization_endpoint!);
    address.search = new URLSearchParams({
      ...{ response_type: "code", client_id: client.client_id, redirect_uri: REDIRECT, state },
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      ...{ code_challenge_method: "S256", resource: app.url.href },
    }).toString();
    // It refuses an answer with another state or without the `iss` that the metadata promise.
    const back = await decide(address, { key });
    const parameters = oauth.validateAuthResponse(server, client, back, state);
    const reply = await oauth.authorizationCodeGrantRequest(
      ...([server, client, NONE, parameters, REDIRECT, verifier] as const),
      { ...options, additionalParameters: { resource: app.url.href } },
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, reply);
    return { server, client, tokens };
  };

  const ping = (token: string) =>
    oauth.protectedResourceRequest(
      ...([token, "POST", app.url] as const),
      new Headers({
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      }),
      JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
      options,
    );

  test("finds, registers, is let in, refreshes and gives back", async () => {
    const { server, client, tokens } = await authorize(app.key("viewer"));
    expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 12 * 60 * 60 });
    expect((await ping(tokens.access_token)).status).toBe(200);
    const again = await oauth.processRefreshTokenResponse(
      ...([server, client] as const),
      await oauth.refreshTokenGrantRequest(server, client, NONE, tokens.refresh_token!, options),
    );
    expect(again.refresh_token).not.toBe(tokens.refresh_token);
    expect((await ping(again.access_token)).status).toBe(200);
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, client, NONE, again.refresh_token!, options),
    );
    await expect(ping(again.access_token)).rejects.toThrow(oauth.WWWAuthenticateChallengeError);
    const ended = await oauth.refreshTokenGrantRequest(
      ...([server, client, NONE, again.refresh_token!, options] as const),
    );
    await expect(oauth.processRefreshTokenResponse(server, client, ended)).rejects.toMatchObject({
      error: "invalid_grant",
    });
  });
});
