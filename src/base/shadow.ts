/**
 * A text without what people and programs put between and around its letters: spaces, line breaks, invisible characters, escapes. A
 * secret is found in such a shadow however it was broken up, and the shadow knows where each letter stands in the text.
 */

/** A part of a text with nothing but letters and digits (ASCII), and what may stand between two halves of one word. */
export interface Shadow {
  /** The letters and digits. */
  readonly letters: string;
  /** For each letter, where it begins in the text and where it ends: one character, or an escape of several. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Inside a function, since V8 reads the tables of Unicode when it comes to the expression: see plainText.ts. */
const isInvisible = (code: number): boolean =>
  /[\s\p{Cc}\p{Cf}\p{Mn}\p{Default_Ignorable_Code_Point}]/u.test(String.fromCodePoint(code));

const [Percent, Underscore, Backslash, Delete] = [37, 95, 92, 127] as const;

const isLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);

/**
 * `%41`, `\u0041`, `\x41`, or a gap such as `\n`. JSON in JSON doubles backslashes, so there may be several; their number is limited, or
 * a text of backslashes would take quadratic time.
 */
const escape = /%([\dA-Fa-f]{2})|\\{1,16}(?:u([\dA-Fa-f]{4})|x([\dA-Fa-f]{2})|[nrtfv])/y;

/** Reads the escape at a place. Returns undefined if there is none; an escaped gap has the code of a space. */
const escapeAt = (text: string, at: number): { code: number; length: number } | undefined => {
  escape.lastIndex = at;
  const [all, percent, wide, narrow] = escape.exec(text) ?? [];
  if (all === undefined) return undefined;
  const hex = percent ?? wide ?? narrow ?? "20";
  return { code: Number.parseInt(hex, 16), length: all.length };
};

/** Whether a character may stand between two halves of one word. Keys have underscores themselves. */
const isGap = (code: number): boolean =>
  code <= Delete ? code <= 32 || code === Underscore || code === Delete : isInvisible(code);

/** Collects the shadows of a text. */
class Shadows {
  readonly found: Shadow[] = [];
  private letters = "";
  private starts: number[] = [];
  private ends: number[] = [];

  constructor(private readonly shortest: number) {}

  add(code: number, at: number, length: number): void {
    if (isLetter(code)) {
      this.letters += String.fromCharCode(code);
      this.starts.push(at);
      this.ends.push(at + length);
    } else if (!isGap(code)) this.close();
  }

  close(): void {
    const { letters, starts, ends } = this;
    if (letters === "") return;
    if (letters.length >= this.shortest) this.found.push({ letters, starts, ends });
    [this.letters, this.starts, this.ends] = ["", [], []];
  }
}

/**
 * Returns the shadows of a text, from left to right. It takes linear time.
 *
 * @param shortest - shadows with fewer letters are left out, which is most of what stands between signs.
 */
export const shadowsOf = (text: string, shortest: number): Shadow[] => {
  if (text.length < shortest) return [];
  const shadows = new Shadows(shortest);
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at) ?? 0;
    const mayEscape = code === Percent || code === Backslash;
    const escaped = mayEscape ? escapeAt(text, at) : undefined;
    const length = escaped?.length ?? (code > 0xffff ? 2 : 1);
    shadows.add(escaped?.code ?? code, at, length);
    at += length;
  }
  shadows.close();
  return shadows.found;
};
