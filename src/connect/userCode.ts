/** The code that a person types for a device (RFC 8628 section 6.1). */
import { hashesOf, type Hashes } from "../auth/credential";
import { hashKey, type Pepper } from "../auth/pepper";
import { randomText } from "../auth/random";

/** Letters that make no words and do not look alike. Eight of them are 34 bits, for ten minutes and some tries. */
const LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
const LENGTH = 8;
const PATTERN = /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/;

const shown = (letters: string): string => `${letters.slice(0, 4)}-${letters.slice(4)}`;

/** Runs in actions only. */
export const newUserCode = async (): Promise<string> => shown(await randomText(LENGTH, LETTERS));

/** Reads what a person has typed: case, spaces and dashes do not matter. Undefined if it cannot be a code, which costs no call. */
export const readUserCode = (text: string): string | undefined => {
  const letters = text.toUpperCase().replace(/[\s\p{Pd}._]/gu, "");
  return PATTERN.test(letters) ? shown(letters) : undefined;
};

const secretOf = (userCode: string): string => `user code ${userCode}`;

/** For the row. */
export const hashUserCode = (pepper: Pepper, userCode: string): Promise<string> =>
  hashKey(pepper, secretOf(userCode));

/** For finding the row, whichever pepper it was made under. */
export const userCodeHashes = (peppers: readonly Pepper[], userCode: string): Promise<Hashes> =>
  hashesOf(secretOf(userCode), peppers);
