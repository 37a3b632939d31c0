/** The token of one start of a server, which its operator shows with each request. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Makes a token: 256 random bits, base64url. */
export const newToken = (): string => randomBytes(32).toString("base64url");

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Whether a request has the token in its `Authorization`. It compares hashes in constant time, which have the same length for any texts. */
export const hasToken = ({ headers }: Request, token: string): boolean =>
  timingSafeEqual(sha256(headers.get("authorization") ?? ""), sha256(`Bearer ${token}`));
