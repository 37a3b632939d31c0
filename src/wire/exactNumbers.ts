/**
 * Finds numbers that a JavaScript number would change. From 2^53 on it cannot hold every integer, and JSON.parse rounds without a
 * word: 9007199254740993 becomes 9007199254740992.
 *
 * @see RFC 8259 section 6; RFC 7493 section 2.2
 */

/** From here on, upward and downward, integers may be rounded. */
export const INEXACT_FROM = 2 ** 53;

/** A string, which holds no numbers, or a number. Valid JSON has no other place for a quote, a digit or a minus. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

const ZERO = 48;

/** Cuts zeros at both ends without reading any of them twice, however many there are. */
const withoutZeros = (digits: string): { readonly digits: string; readonly cut: number } => {
  let start = 0;
  let end = digits.length;
  while (digits.charCodeAt(start) === ZERO) start++;
  while (end > start && digits.charCodeAt(end - 1) === ZERO) end--;
  return { digits: digits.slice(start, end), cut: digits.length - end };
};

/** One text for all the ways to write a number, such as 1000, 1e3 and 1.0e+3. */
const decimalOf = (number: string): string => {
  const [mantissa = "", exponent = "0"] = number.toLowerCase().replace(/^-/, "").split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const { digits, cut } = withoutZeros(whole + fraction);
  return `${digits}e${String(Number(exponent) - fraction.length + cut)}`;
};

/**
 * The first number in a JSON text that would come back as another one: it is at least 2^53, upward or downward, and JavaScript writes
 * it with other digits. Smaller integers are always exact. Smaller fractions are approximations anywhere, and are not looked at.
 *
 * @param text - valid JSON.
 */
export const roundedIn = (text: string): string | undefined => {
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith('"')) continue;
    const value = Number(token);
    const written = String(value);
    if (Math.abs(value) < INEXACT_FROM || token === written) continue;
    if (decimalOf(token) !== decimalOf(written)) return token;
  }
  return undefined;
};
