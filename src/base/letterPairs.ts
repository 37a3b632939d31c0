/**
 * How unlike a language a pair of letters is. A key's letters are all equally likely, whatever came before; those of words are not.
 *
 * Counted in 4 million letter pairs of English and German messages and manuals, half and half. Each digit is, in bits and rounded, how
 * much rarer the pair is there than by chance, plus 4: 0 for "er", 8 for "qx".
 */
// prettier-ignore
const PAIRS = [
  "63337534364221648221355646",
  "37872878458377488566488858",
  "38673881583578278463588878",
  "25641566277565368445466867",
  "23224334174230435012444355",
  "48763578388576378464488868",
  "36761666386564568444476887",
  "27771777387365478453487888",
  "44232436775231248312747675",
  "58885888788888688858788888",
  "37773776487676478654587887",
  "25641657287266368743467857",
  "24662768387646448756477878",
  "24312415274553248521345854",
  "54436446575331538143344776",
  "28763666487467348354478878",
  "88888888888788888888488888",
  "24431445284543258422354845",
  "35251453284554337521354856",
  "25441452185455248333354844",
  "44564457586332748323777887",
  "48882878488888488888888888",
  "38883885388886588667687888",
  "68786888588888858885888888",
  "57676788688766548755677888",
  "58883888588888788885486887",
].join("");

const CODE_OF_4 = 52;

/** The place of a letter in the alphabet, from 0. Bit 5 is its case. */
const placeOf = (code: number): number => (code | 32) - 97;

/**
 * Returns how much more a pair of letters speaks for chance than for a language, in bits from -4 to 4.
 *
 * @param before - the code of an ASCII letter of either case, as is `after`. Not checked.
 */
export const strangeness = (before: number, after: number): number =>
  PAIRS.charCodeAt(placeOf(before) * 26 + placeOf(after)) - CODE_OF_4;
