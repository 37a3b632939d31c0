/** Estimates tokens without a tokenizer, which would be 2 MB of the package. */

/**
 * Estimates the tokens that OpenAI's newer models (o200k) make of a text, mostly 10 % too many: a token for each word of up to 10 letters and
 * one for each 11 more, and one for each three digits or signs in a row. For English and JSON only: other scripts take more.
 */
export const estimateTokens = (text: string): number =>
  (text.match(/[A-Za-z]+|\d{1,3}|[^\sA-Za-z\d]{1,3}/g) ?? []).reduce(
    (sum, piece) => sum + 1 + Math.floor(piece.length / 11),
    0,
  );
