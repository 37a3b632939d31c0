/**
 * The form of OAuth's codes and tokens: `cvxmcp_<kind>_<parts, by underscores>.<HMAC-SHA-256 in base64url>`.
 *
 * The HMAC under a pepper covers the kind, the parts and the resource (RFC 8707), so a forged one costs no Convex call, and none counts
 * as another kind or for another deployment. The secret among the parts is kept as a hash in the grant's row. So neither a pepper
 * alone nor a copy of the database alone is enough to forge one.
 */
import type { Pepper } from "./pepper";
import { seal, unseal } from "./seal";
import { resourceOf, siteOrigin } from "./site";

/** Authorization code, access token, refresh token, device code. */
export type TokenKind = "ac" | "at" | "rt" | "dc";

/** Ids have 16 random letters and digits, 95 bits; secrets have 43, 256 bits. */
export const GRANT_ID_LENGTH = 16;
export const SECRET_LENGTH = 43;

const pattern = /^cvxmcp_(?:ac|at|rt|dc)_[0-9A-Za-z_]{1,200}\.[\w-]{43}$/;

const purposeOf = (kind: TokenKind): string => `token ${kind} ${resourceOf(siteOrigin())}`;

/** Whether a text begins like a code or token, and so is not meant as an API key. */
export const isTokenLike = (text: string): boolean => /^cvxmcp_(?:ac|at|rt|dc)_/.test(text);

/**
 * Makes a code or token.
 *
 * @param parts - letters and digits only.
 * @throws Error if there is no pepper.
 */
export const sealToken = (
  peppers: readonly Pepper[],
  kind: TokenKind,
  parts: readonly (string | number)[],
): Promise<string> => seal(peppers, purposeOf(kind), `cvxmcp_${kind}_${parts.join("_")}`);

/**
 * Verifies a code or token of one kind. Its age, its grant and its secret are not checked.
 *
 * @returns its parts; undefined if this deployment did not make it.
 */
export const openToken = async (
  peppers: readonly Pepper[],
  kind: TokenKind,
  token: string,
): Promise<readonly string[] | undefined> => {
  const prefix = `cvxmcp_${kind}_`;
  if (!token.startsWith(prefix) || !pattern.test(token)) return undefined;
  return (await unseal(peppers, purposeOf(kind), token))?.slice(prefix.length).split("_");
};

/** How long an access token lasts, in seconds. Each admission reads the grant and its key, so a revocation need not wait for that. */
export const ACCESS_SECONDS = 12 * 60 * 60;

/** What an access token says. `secret` is the family secret of its grant. */
export interface AccessToken {
  readonly grantId: string;
  readonly secret: string;
}

/** Makes an access token that lasts for `ACCESS_SECONDS`. */
export const mintAccessToken = (
  peppers: readonly Pepper[],
  { grantId, secret }: AccessToken,
): Promise<string> =>
  sealToken(peppers, "at", [grantId, secret, Math.floor(Date.now() / 1000) + ACCESS_SECONDS]);

/** Reads an access token; undefined if this deployment did not make it, or its time is over. */
export const openAccessToken = async (
  peppers: readonly Pepper[],
  token: string,
): Promise<AccessToken | undefined> => {
  const [grantId = "", secret = "", expiresAt = "0"] =
    (await openToken(peppers, "at", token)) ?? [];
  return Number(expiresAt) * 1000 > Date.now() ? { grantId, secret } : undefined;
};
