/** How Claude's directory wants a server to be reached: OAuth, ports and times (claude.com/docs/connectors/building, read 2026-08-22). */
import { namedBy } from "../../doctor/oauth";
import { listAt, ofServer, textAt, type Rule } from "../rule";

const rule = ofServer("Claude");

/** anthropics/claude-ai-mcp issue 473: `initialize` within 10 s; discovery, registration and token, too. */
const MOST_MS = 10_000;

const ON = "Turn OAuth on: docs/connect.md. A connector whose users paste a key is not listed.";

export const CONNECTING: readonly Rule[] = [
  rule({
    name: "oauth",
    level: "refused",
    where: "the 401",
    fix: ON,
    find: ({ stranger, resource }) => {
      if (stranger.status !== 401) return `HTTP ${stranger.status} without a key, not 401`;
      if (namedBy(stranger) === undefined) return "it names no resource_metadata";
      return (
        listAt(resource, "authorization_servers").length === 0 &&
        "it leads to no authorization server"
      );
    },
  }),
  rule({
    name: "oauth-client",
    level: "refused",
    where: "OAuth",
    fix: "Announce dynamic registration, or client documents with the method `none`.",
    find: ({ authorization }) => {
      if (textAt(authorization, "authorization_endpoint") === "") return undefined;
      const documents = authorization.client_id_metadata_document_supported === true;
      const none = listAt(authorization, "token_endpoint_auth_methods_supported").includes("none");
      if (documents && !none) return "it announces client documents, but not the method none";
      return (
        !documents &&
        textAt(authorization, "registration_endpoint") === "" &&
        "no client can register"
      );
    },
  }),
  rule({
    name: "oauth-pkce",
    level: "refused",
    where: "OAuth",
    fix: 'Announce code_challenge_methods_supported: ["S256"].',
    find: ({ authorization }) =>
      textAt(authorization, "authorization_endpoint") !== "" &&
      !listAt(authorization, "code_challenge_methods_supported").includes("S256") &&
      "it does not announce PKCE with S256",
  }),
  rule({
    name: "oauth-refresh",
    level: "refused",
    where: "OAuth",
    fix: "The token endpoint must answer 400 with invalid_grant, or the client never asks the person again.",
    find: ({ refresh }) =>
      refresh !== undefined &&
      !/"invalid_grant"|"invalid_client"/.test(refresh.text) &&
      `a refresh token that is none is answered HTTP ${refresh.status} without invalid_grant`,
  }),
  rule({
    name: "time",
    level: "refused",
    where: "initialize",
    fix: "Look why it is slow: `npx toolgate doctor` has the times.",
    find: ({ firstMs }) =>
      firstMs > MOST_MS && `it took ${(firstMs / 1000).toFixed(1)} s, 10 at most`,
  }),
  rule({
    name: "port",
    level: "refused",
    where: "the URL",
    fix: "Serve it by https on port 443: claude.ai connects to no other.",
    find: ({ url }) => (url.protocol !== "https:" || url.port !== "") && `it is at ${url.origin}`,
  }),
];
