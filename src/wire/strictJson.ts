/**
 * Parses JSON more strictly than JSON.parse. It refuses duplicate members (parsers disagree on which one counts), `__proto__`,
 * unpaired surrogates (they have no UTF-8 form), numbers that become Infinity or another integer, and values that are nested too deep
 * or too large: JSON.stringify overflows at a depth that JSON.parse accepts.
 *
 * @see RFC 8259 section 4 (member names), section 8.2 (surrogates); RFC 7493 (I-JSON)
 */

import { cut, quoted } from "../base/text";
import { INEXACT_FROM, roundedIn } from "./exactNumbers";

/** The deepest nesting of arrays and objects. */
export const MAX_DEPTH = 64;
/** The most values in one text, nested ones included. */
export const MAX_NODES = 100_000;

/** The flaw of a text that no parser takes. */
export const NOT_JSON = "not valid JSON";

/** Walks through a parsed value once and finds every flaw except duplicate members, since JSON.parse keeps only the last of them. */
class Walk {
  /** The number of members of all objects together. */
  members = 0;
  /** Whether there is a number that may be another one than in the text. */
  mayRound = false;
  private nodes = 0;

  /** @param mayBreak - whether the text has escapes that can leave half a surrogate pair. Text from UTF-8 has none by itself. */
  constructor(private readonly mayBreak: boolean) {}

  /** A phrase for the first flaw; undefined if there is none. */
  flaw(value: unknown, depth: number): string | undefined {
    if (++this.nodes > MAX_NODES) return `more than ${String(MAX_NODES)} values`;
    if (typeof value === "string") return this.textFlaw(value);
    if (typeof value === "number") return this.numberFlaw(value);
    if (typeof value !== "object" || value === null) return undefined;
    if (depth === MAX_DEPTH) return `nested deeper than ${String(MAX_DEPTH)} levels`;
    return Array.isArray(value)
      ? this.itemFlaw(value, depth + 1)
      : this.memberFlaw(value as Record<string, unknown>, depth + 1);
  }

  private numberFlaw(number: number): string | undefined {
    if (Math.abs(number) < INEXACT_FROM) return undefined;
    this.mayRound = true;
    return Number.isFinite(number) ? undefined : "a number is too large";
  }

  private textFlaw(text: string): string | undefined {
    return this.mayBreak && /\p{Surrogate}/u.test(text)
      ? "a string has an unpaired surrogate"
      : undefined;
  }

  private itemFlaw(items: readonly unknown[], depth: number): string | undefined {
    for (const item of items) {
      const flaw = this.flaw(item, depth);
      if (flaw !== undefined) return flaw;
    }
    return undefined;
  }

  private memberFlaw(object: Record<string, unknown>, depth: number): string | undefined {
    for (const name of Object.keys(object)) {
      this.members++;
      if (name === "__proto__") return 'the member name "__proto__" is not allowed';
      const flaw = this.textFlaw(name) ?? this.flaw(object[name], depth);
      if (flaw !== undefined) return flaw;
    }
    return undefined;
  }
}

const [Quote, Backslash, Colon] = [34, 92, 58] as const;
const [OpenObject, CloseObject, OpenArray, CloseArray] = [123, 125, 91, 93] as const;

/** The position of the quote that closes the string opened at `start`. It has an even number of backslashes before it. */
const closeOf = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === Backslash) before--;
    if ((end - before) % 2 === 0) return end;
  }
};

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

/** Whether the string that closes at `close` is a member name: then a colon follows. */
const isName = (text: string, close: number): boolean => {
  let next = close + 1;
  while (isSpace(text.charCodeAt(next))) next++;
  return text.charCodeAt(next) === Colon;
};

/** The number of member names in a text. Duplicates count each time. */
const countNames = (text: string): number => {
  let names = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
    at = closeOf(text, at);
    if (isName(text, at)) names++;
  }
  return names;
};

/** The first member name that appears twice in one object; undefined if there is none. */
const duplicateIn = (text: string): string | undefined => {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === OpenObject || code === OpenArray) open.push(new Set());
    else if (code === CloseObject || code === CloseArray) open.pop();
    if (code !== Quote) continue;
    const start = at;
    at = closeOf(text, start);
    if (!isName(text, at)) continue;
    const name = JSON.parse(text.slice(start, at + 1)) as string;
    if (open.at(-1)?.has(name) === true) return name;
    open.at(-1)?.add(name);
  }
  return undefined;
};

const flawOf = (text: string, value: unknown): string | undefined => {
  const walk = new Walk(/\\u[dD]/.test(text));
  const flaw = walk.flaw(value, 0);
  if (flaw !== undefined) return flaw;
  const rounded = walk.mayRound ? roundedIn(text) : undefined;
  if (rounded !== undefined)
    return `the number ${cut(rounded, 40)} would be rounded. Send it as a string, or with fewer digits`;
  return countNames(text) === walk.members
    ? undefined
    : `the member ${JSON.stringify(quoted(duplicateIn(text) ?? "", 64))} appears twice`;
};

/**
 * Parses a JSON text strictly. The limits are `MAX_DEPTH` levels and `MAX_NODES` values.
 *
 * @returns the value, or a phrase for the first flaw in the text.
 */
export const parseStrictJson = (text: string): { value: unknown } | { flaw: string } => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { flaw: NOT_JSON };
  }
  const flaw = flawOf(text, value);
  return flaw === undefined ? { value } : { flaw };
};
