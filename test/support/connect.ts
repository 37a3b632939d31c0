/** Walks OAuth over HTTP as a client and a person do: register, authorize, consent, token. Each step stands alone, so a test can break it. */
import { createHash, randomBytes } from "node:crypto";
import type { Backend } from "./gate";
import { SITE_URL } from "./siteUrl";

export const REDIRECT = "http://127.0.0.1:4711/callback";

/** A pinned client, which needs no registration. */
export const CLAUDE = {
  clientId: "https://claude.ai/oauth/mcp-oauth-client-metadata",
  redirectUri: "https://claude.ai/api/mcp/auth_callback",
};

type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Form encoding. A list repeats the parameter; undefined leaves it out. */
export const encode = (fields: Fields): string => {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : (value ?? [])).map((one) => [name, one]),
  );
  return new URLSearchParams(pairs).toString();
};

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body, if it is JSON. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Where a redirect leads; undefined for any other reply. */
  readonly to: URL | undefined;
}

const readAnswer = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  const isJson = response.headers.get("content-type") === "application/json" && text !== "";
  const location = response.headers.get("location");
  return {
    ...{ status: response.status, headers: response.headers, text },
    json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    to: location === null ? undefined : new URL(location),
  };
};

export const ask = async (t: Backend, path: string, init: RequestInit = {}): Promise<Answer> =>
  readAnswer(await t.fetch(path, init));

/** Posts a form. */
export const submit = (
  t: Backend,
  path: string,
  fields: Fields,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> =>
  ask(t, path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: encode(fields),
  });

/** A verifier, and its S256 challenge (RFC 7636). */
const newPkce = () => {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
};

export const register = (t: Backend, metadata: unknown): Promise<Answer> =>
  ask(t, "/oauth/register", {
    ...{ method: "POST", headers: { "content-type": "application/json" } },
    body: typeof metadata === "string" ? metadata : JSON.stringify(metadata),
  });

/** Registers a client on loopback; returns its id. */
export const newClient = async (
  t: Backend,
  metadata: object = { client_name: "probe", redirect_uris: [REDIRECT] },
): Promise<string> => (await register(t, metadata)).json.client_id as string;

/** What a client keeps of a flow that it has begun. */
export interface Flow {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly verifier: string;
  readonly state: string;
  /** The parameters of the authorization request. */
  readonly query: Readonly<Record<string, string>>;
}

export const newFlow = async (
  t: Backend,
  {
    clientId,
    redirectUri = REDIRECT,
    ...more
  }: { readonly clientId?: string; readonly redirectUri?: string; readonly scope?: string } = {},
): Promise<Flow> => {
  const id = clientId ?? (await newClient(t));
  const { verifier, challenge } = newPkce();
  const state = randomBytes(8).toString("hex");
  const query = {
    ...{ response_type: "code", client_id: id, redirect_uri: redirectUri, state },
    ...{ code_challenge: challenge, code_challenge_method: "S256", resource: `${SITE_URL}/mcp` },
    ...more,
  };
  return { clientId: id, redirectUri, verifier, state, query };
};

/** Opens the page. `changes` replace parameters: undefined leaves one out, a list repeats it. */
export const open = (t: Backend, flow: Flow, changes: Fields = {}): Promise<Answer> =>
  ask(t, `/oauth/authorize?${encode({ ...flow.query, ...changes })}`);

/** The value of a hidden field of a page. */
export const fieldOf = ({ text }: Pick<Answer, "text">, name: string): string => {
  const [tag = ""] = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(text) ?? [];
  const value = /value="([^"]*)"/.exec(tag)?.[1];
  if (value === undefined) throw new Error(`no field ${name} on: ${text}`);
  return value.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
};

/** The headers with which a browser sends the form of our own page. */
export const ownPage = { origin: SITE_URL, "sec-fetch-site": "same-origin" };

/** Sends the form of a page. */
export const consent = (
  t: Backend,
  request: string,
  fields: Fields,
  headers: Readonly<Record<string, string>> = ownPage,
): Promise<Answer> =>
  submit(t, "/oauth/authorize", { request, access: "all", decision: "allow", ...fields }, headers);

/** From the page to the code. */
export const newCode = async (
  t: Backend,
  flow: Flow,
  key: string,
  fields: Fields = {},
): Promise<string> => {
  const request = fieldOf(await open(t, flow), "request");
  const answer = await consent(t, request, { key, ...fields });
  const code = answer.to?.searchParams.get("code");
  if (typeof code !== "string") throw new Error(`no code: ${String(answer.status)} ${answer.text}`);
  return code;
};

export const token = (
  t: Backend,
  fields: Fields,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> => submit(t, "/oauth/token", fields, headers);

/** The parameters that redeem a code. */
export const redemption = ({ clientId, redirectUri, verifier }: Flow, code: string) => ({
  ...{ grant_type: "authorization_code", code, client_id: clientId, redirect_uri: redirectUri },
  ...{ code_verifier: verifier, resource: `${SITE_URL}/mcp` },
});

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly scope: string;
}

const tokensOf = ({ status, json, text }: Answer): Tokens => {
  if (status !== 200) throw new Error(`no tokens: ${String(status)} ${text}`);
  return json as unknown as Tokens;
};

export const refresh = (t: Backend, { clientId }: Pick<Flow, "clientId">, refreshToken: string) =>
  token(t, { grant_type: "refresh_token", client_id: clientId, refresh_token: refreshToken });

/** The whole way: a new connection of a key, and its tokens. */
export const connectAgent = async (
  t: Backend,
  key: string,
  {
    clientId,
    redirectUri,
    scope,
    ...fields
  }: Fields & {
    readonly clientId?: string;
    readonly redirectUri?: string;
    readonly scope?: string;
  } = {},
): Promise<Flow & { readonly tokens: Tokens }> => {
  const flow = await newFlow(t, {
    ...(clientId !== undefined && { clientId }),
    ...(redirectUri !== undefined && { redirectUri }),
    ...(scope !== undefined && { scope }),
  });
  const code = await newCode(t, flow, key, fields);
  return { ...flow, tokens: tokensOf(await token(t, redemption(flow, code))) };
};
