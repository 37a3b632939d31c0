/**
 * Finds API keys in a text, whole or not, and whatever else looks as random as their secret part. A key may have lost letters, be in
 * upper case, be broken up by spaces or invisible characters, or be encoded.
 */
import { strangeness } from "./letterPairs";
import { shadowsOf, type Shadow } from "./shadow";

/** From where to where in the text, end excluded. */
export type Span = readonly [from: number, to: number];

/** A span of letters in a shadow, end excluded. */
type Run = readonly [from: number, to: number];

/** A shadow with fewer letters holds no key: of 43 secret letters, too many are missing to guess the rest. */
const SHORTEST = 27;
/** What has the form of an id survives: one word with fewer letters than a secret, or with as many as the id of a row in Convex. */
const id = /^(?:[\dA-Za-z]{1,26}|[\da-z]{1,32})$/;
/** The fewest different letters in a secret, whatever their case. A random one never has so few; rulers, fillers and patterns do. */
const FEWEST = 12;
/** The fewest letters in a random run of several words. With fewer, too little of a secret would be left over to matter. */
const FEWEST_OF_WORDS = 16;
/** Letters and digits of a key: `cvxmcp`, `live`, 12 of its id, 43 of its secret, 6 of its checksum. */
const KEY_LETTERS = 71;

/** The same in hex: bytes that are all letters, digits or underscores. Hashes do not look so. */
const hexOfKey = /^(?:3\d|[46][1-9a-f]|[57][\da]|5f){27,}$/i;
/** A hash or a UUID without hyphens. It is as random as a key, but of 16 signs only, which 16 letters of a secret never are. */
const hexWord = /^[\da-f]{16,}$/i;

const marked = /cvxmcp(?:live|test|ac|at|rt|dc)[\da-z]{17}/gi;

/** Finds what begins like a key or token and goes on for at least five letters of the secret. */
const markedRuns = ({ letters }: Shadow): Run[] => {
  const runs: Run[] = [];
  marked.lastIndex = 0;
  for (let match = marked.exec(letters); match !== null; match = marked.exec(letters)) {
    const end = Math.min(match.index + KEY_LETTERS, letters.length);
    runs.push([match.index, end]);
    marked.lastIndex = end;
  }
  return runs;
};

const isDigit = (code: number): boolean => code < 58;
const isUpper = (code: number): boolean => code < 91;

/** Returns how much more a letter and the one before it speak for chance than for a text, in bits. */
const surprise = ({ letters, starts, ends }: Shadow, at: number): number => {
  const [before, after] = [letters.charCodeAt(at - 1), letters.charCodeAt(at)];
  const inWord = starts[at] === ends[at - 1];
  if (!isDigit(before) && !isDigit(after))
    return strangeness(before, after) + (inWord && !isUpper(before) && isUpper(after) ? 3 : 0);
  if (isDigit(before) && isDigit(after)) return -2;
  return inWord ? 3 : 1;
};

/**
 * A run with so much surprise, in bits, is random. Texts in English, German, French, Spanish, Italian, Dutch and Turkish do not reach it.
 * A bare secret that is broken at each letter does not reach it in about three of 1,000 cases, one that is whole or broken a few times in
 * next to none.
 */
const RANDOM = 15;
/** A random run ends where so much of its surprise is lost again. */
const LOST = 30;
/** The letters that a random run may share by chance with the word of a language beside it. */
const SHARED = 5;

/** Finds the first random run: it ends where its surprise was highest. */
const nextRandom = (shadow: Shadow, from: number, to: number): Run | undefined => {
  let [start, end, sum, highest] = [from, from, 0, 0];
  for (let at = from + 1; at < to; at++) {
    sum += surprise(shadow, at);
    if (sum > highest) [highest, end] = [sum, at + 1];
    if (sum > 0 && sum > highest - LOST) continue;
    if (highest >= RANDOM) break;
    [start, sum, highest] = [at, 0, 0];
  }
  return highest >= RANDOM ? [start, end] : undefined;
};

/** A word is a run of letters without a gap. Returns where the one at `at` ends. */
const wordEnd = ({ starts, ends }: Shadow, at: number): number => {
  let end = at + 1;
  while (end < starts.length && starts[end] === ends[end - 1]) end++;
  return end;
};

const wordStart = ({ starts, ends }: Shadow, at: number): number => {
  let start = at;
  while (start > 0 && starts[start] === ends[start - 1]) start--;
  return start;
};

/** Widens a run to whole words, but leaves out a word at either end that it only touches. */
const wholeWords = (shadow: Shadow, [from, to]: Run): Run => {
  const [first, afterFirst] = [wordStart(shadow, from), wordEnd(shadow, from)];
  const [last, afterLast] = [wordStart(shadow, to - 1), wordEnd(shadow, to - 1)];
  if (first === last) return [first, afterLast];
  return [afterFirst - from < SHARED ? afterFirst : first, to - last < SHARED ? last : afterLast];
};

/** Whether a word, such as the other half of a secret, is more by chance than of a language. */
const isStrange = (shadow: Shadow, [from, to]: Run): boolean => {
  let sum = 0;
  for (let at = from + 1; at < to; at++) sum += surprise(shadow, at);
  return to - from >= 10 && sum > 0;
};

/** Whether a word with as few letters as an id stands among words of a language, and not beside the other half of a secret. */
const standsAlone = (shadow: Shadow, [from, to]: Run): boolean => {
  const before: Run = [from > 0 ? wordStart(shadow, from - 1) : 0, from];
  const after: Run = [to, to < shadow.letters.length ? wordEnd(shadow, to) : to];
  return !isStrange(shadow, before) && !isStrange(shadow, after);
};

/** Whether a random run is no ruler or filler, and no id: those are one word, and shorter than a secret. */
const isSecret = (shadow: Shadow, run: Run): boolean => {
  const [from, to] = run;
  const letters = shadow.letters.slice(from, to);
  if (new Set(letters.toLowerCase()).size < FEWEST) return false;
  if (wordEnd(shadow, from) < to) return letters.length >= FEWEST_OF_WORDS;
  return !(id.test(letters) && standsAlone(shadow, run));
};

const randomRuns = (shadow: Shadow, from: number, to: number): Run[] => {
  const runs: Run[] = [];
  for (let at = from; at < to;) {
    const run = nextRandom(shadow, at, to);
    if (run === undefined) break;
    const [first, last] = wholeWords(shadow, run);
    const whole: Run = [Math.max(first, from), Math.min(last, to)];
    if (isSecret(shadow, whole)) runs.push(whole);
    at = Math.max(whole[1], run[1]);
  }
  return runs;
};

/** Finds secrets in a part of a shadow that does not begin like a key. */
const unmarkedRuns = (shadow: Shadow, from: number, to: number): Run[] => {
  const runs: Run[] = [];
  let start = from;
  for (let at = from, end = from; at < to; at = end) {
    end = Math.min(wordEnd(shadow, at), to);
    const word = shadow.letters.slice(at, end);
    if (!hexWord.test(word)) continue;
    runs.push(...randomRuns(shadow, start, at));
    if (hexOfKey.test(word)) runs.push([at, end]);
    start = end;
  }
  return [...runs, ...randomRuns(shadow, start, to)];
};

const runsIn = (shadow: Shadow): Run[] => {
  const runs: Run[] = [];
  let from = 0;
  for (const run of markedRuns(shadow)) {
    runs.push(...unmarkedRuns(shadow, from, run[0]), run);
    from = run[1];
  }
  return [...runs, ...unmarkedRuns(shadow, from, shadow.letters.length)];
};

/** Returns the spans of a text that hold a secret, from left to right. */
export const secretsIn = (text: string): Span[] =>
  shadowsOf(text, SHORTEST).flatMap((shadow) =>
    runsIn(shadow).map(([from, to]): Span => [shadow.starts[from] ?? 0, shadow.ends[to - 1] ?? 0]),
  );
