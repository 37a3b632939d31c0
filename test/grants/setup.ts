/** Connections as the HTTP half of OAuth makes them, without its pages. */
import { beforeEach, expect, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { sealAuthorization } from "../../src/auth/authorization";
import { credentialOf, hashesOf } from "../../src/auth/credential";
import { hashKey, readPeppers } from "../../src/auth/pepper";
import { randomText } from "../../src/auth/random";
import { GRANT_ID_LENGTH, mintAccessToken, openToken, SECRET_LENGTH } from "../../src/auth/token";
import type { Client } from "../../src/data/values";
import type { Approve } from "../../src/grants/approve";
import type { CodeAsk, Family } from "../../src/grants/redeem";
import { parseKey } from "../../src/auth/keyFormat";
import { issueKey, newServer, type Backend, type IssuedKey } from "../support/gate";

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

export let t: Backend;
export let key: IssuedKey;

beforeEach(async () => {
  vi.useRealTimers();
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "100000");
  t = await newServer();
  key = await issueKey(t);
});

export const after = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });

export const claude: Client = {
  ...{ id: "https://claude.ai/oauth/mcp-oauth-client-metadata", name: "Claude" },
  ...{ host: "claude.ai", verified: true },
};
export const redirectUri = "https://claude.ai/api/mcp/auth_callback";
export const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

export const ask = (client: Client = claude): Promise<string> =>
  sealAuthorization(readPeppers(), {
    ...{ client, redirectUri, state: "xyz", challenge, access: "all" },
  });

export const proofOf = async (secret: string) => ({
  credential: await credentialOf(secret, parseKey(secret)?.keyId ?? "", readPeppers()),
});

export const approve = async (more: Partial<Approve> = {}, secret: string = key.key) =>
  t.mutation(internal.toolgate.connect.approve, {
    ...{ request: await ask(), proof: await proofOf(secret), access: "all", ...more },
  } as never);

/** What a step was refused with. */
export const refusalOf = (reply: object): string => {
  expect(reply).toHaveProperty("refusal.kind");
  return (reply as { refusal: { kind: string } }).refusal.kind;
};

/** The part of a reply that was not refused. */
export const good = <T extends object>(reply: T): Exclude<T, { refusal: unknown }> => {
  expect(reply).not.toHaveProperty("refusal");
  return reply as Exclude<T, { refusal: unknown }>;
};

/** The code in the URL that takes the browser back, as its client holds it. */
const codeIn = async (redirectTo: string) => {
  const code = new URL(redirectTo).searchParams.get("code") ?? "";
  const [grantId = "", secret = ""] = (await openToken(readPeppers(), "ac", code)) ?? [];
  return { code, grantId, hashes: [...(await hashesOf(secret, readPeppers()))] };
};

export const newCode = async (more: Partial<Approve> = {}, secret?: string) =>
  codeIn(good(await approve(more, secret)).redirectTo);

export const newFamily = async (): Promise<{ secret: string; family: Family }> => {
  const secret = await randomText(SECRET_LENGTH);
  const [pepper] = readPeppers();
  if (pepper === undefined) throw new Error("no pepper");
  return { secret, family: { pepperId: pepper.id, hash: await hashKey(pepper, secret) } };
};

export const redeem = (
  code: { grantId: string; hashes: { pepperId: string; hash: string }[] },
  family: Family,
  more: Partial<CodeAsk> = {},
) =>
  t.mutation(internal.toolgate.connect.token, {
    ask: {
      ...{ type: "code", grantId: code.grantId, hashes: code.hashes, clientId: claude.id },
      ...{ redirectUri, challenge, family, ...more },
    } as never,
  });

export interface Connection {
  readonly grantId: string;
  readonly secret: string;
  readonly access: string;
}

export const accessToken = (grantId: string, secret: string) =>
  mintAccessToken(readPeppers(), { grantId, secret });

const tokensFor = async (code: Awaited<ReturnType<typeof codeIn>>): Promise<Connection> => {
  const { secret, family } = await newFamily();
  const { grantId } = good(await redeem(code, family));
  return { grantId, secret, access: await accessToken(grantId, secret) };
};

/** Redeems the code in the URL that takes the browser back. */
export const tokensOf = async (redirectTo: string): Promise<Connection> =>
  tokensFor(await codeIn(redirectTo));

/** A connection with an access token that works. */
export const connect = async (more: Partial<Approve> = {}, secret?: string): Promise<Connection> =>
  tokensFor(await newCode(more, secret));

export const refresh = async (
  { grantId, secret }: Pick<Connection, "grantId" | "secret">,
  generation: number,
  clientId = claude.id,
) =>
  t.mutation(internal.toolgate.connect.token, {
    ask: {
      ...{ type: "refresh", grantId, generation, clientId },
      hashes: [...(await hashesOf(secret, readPeppers()))],
    },
  });

export const newDeviceId = () => randomText(GRANT_ID_LENGTH);
