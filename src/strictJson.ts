/**
 * What JSON.parse lets through and we do not: duplicate members (parsers disagree on which one counts), `__proto__`,
 * unpaired surrogates (no UTF-8 form), numbers that become Infinity, and texts deep or wide enough to hurt later, since
 * JSON.stringify overflows at a depth that JSON.parse takes.
 *
 * @see RFC 8259 section 4 (member names), section 8.2 (surrogates); RFC 7493 (I-JSON)
 */

import { quoted } from "./cut";

export const MAX_DEPTH = 64;
export const MAX_NODES = 100_000;

/** One pass over a text that JSON.parse has already accepted, so the scanner can trust the grammar. */
class Scanner {
  /** Member names of each open object; undefined for an open array. */
  private readonly open: (Set<string> | undefined)[] = [];
  private at = 0;
  private nodes = 0;

  constructor(private readonly text: string) {}

  /** The first flaw, or undefined. */
  scan(): string | undefined {
    while (this.at < this.text.length) {
      const flaw = this.token(this.text.charCodeAt(this.at));
      if (flaw !== undefined) return flaw;
    }
    return undefined;
  }

  private token(code: number): string | undefined {
    if (code === Quote) return this.string();
    if (code === OpenObject || code === OpenArray)
      return this.enter(code === OpenObject ? new Set() : undefined);
    if (code === Minus || (code >= Zero && code <= Nine)) return this.number();
    if (code === CloseObject || code === CloseArray) this.open.pop();
    if (code === LetterT || code === LetterF || code === LetterN) {
      this.at += code === LetterF ? 5 : 4;
      return this.count();
    }
    // What is left are white space, commas and colons.
    this.at++;
    return undefined;
  }

  private enter(names: Set<string> | undefined): string | undefined {
    this.open.push(names);
    this.at++;
    if (this.open.length > MAX_DEPTH) return `nested deeper than ${String(MAX_DEPTH)} levels`;
    return this.count();
  }

  private count(): string | undefined {
    return ++this.nodes > MAX_NODES ? `more than ${String(MAX_NODES)} values` : undefined;
  }

  private string(): string | undefined {
    const start = this.at++;
    let escaped = false;
    for (
      let code = this.text.charCodeAt(this.at);
      code !== Quote;
      code = this.text.charCodeAt(this.at)
    ) {
      if (code === Backslash) {
        escaped = true;
        this.at++;
      }
      this.at++;
    }
    this.at++;
    // Only an escape can make an unpaired surrogate: the text itself came from UTF-8.
    const value = escaped
      ? (JSON.parse(this.text.slice(start, this.at)) as string)
      : this.text.slice(start + 1, this.at - 1);
    if (escaped && /\p{Surrogate}/u.test(value)) return "a string has an unpaired surrogate";
    return this.isName() ? this.member(value) : this.count();
  }

  /** A string followed by a colon is a member name. */
  private isName(): boolean {
    let next = this.at;
    while (isSpace(this.text.charCodeAt(next))) next++;
    return this.text.charCodeAt(next) === Colon;
  }

  private member(name: string): string | undefined {
    const names = this.open.at(-1);
    if (name === "__proto__") return 'the member name "__proto__" is not allowed';
    if (names?.has(name) === true)
      return `the member ${JSON.stringify(quoted(name, 64))} appears twice`;
    names?.add(name);
    return undefined;
  }

  private number(): string | undefined {
    const start = this.at;
    while (isNumberPart(this.text.charCodeAt(this.at))) this.at++;
    if (!Number.isFinite(Number(this.text.slice(start, this.at)))) return "a number is too large";
    return this.count();
  }
}

const [Quote, Backslash, Colon, Minus, Zero, Nine] = [34, 92, 58, 45, 48, 57] as const;
const [LetterT, LetterF, LetterN] = [116, 102, 110] as const;
const [OpenObject, CloseObject, OpenArray, CloseArray] = [123, 125, 91, 93] as const;

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

/** Digits, sign, point and exponent. */
const isNumberPart = (code: number): boolean =>
  (code >= Zero && code <= Nine) ||
  code === Minus ||
  code === 43 ||
  code === 46 ||
  code === 69 ||
  code === 101;

/**
 * Parses a JSON text strictly.
 *
 * @returns the value, or a phrase that says what is wrong with the text.
 */
export const parseStrictJson = (text: string): { value: unknown } | { flaw: string } => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { flaw: "the body is not valid JSON" };
  }
  const flaw = new Scanner(text).scan();
  return flaw === undefined ? { value } : { flaw };
};
