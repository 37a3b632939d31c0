/** Texts of a form that JSON Schema names. */

/** What stands between the dots before the @. */
const WORD = /^[\w'+-]+$/;

/** A host of two parts or more, the last of letters only. */
const HOST = /^(?:[a-z\d][a-z\d-]*\.)+[a-z]{2,}$/i;

/** Whether a text is an e-mail address of ASCII characters, such as every mail server takes. */
export const isEmail = (text: string): boolean => {
  const at = text.indexOf("@");
  const local = text.slice(0, Math.max(0, at));
  const isLocal = local.split(".").every((word) => WORD.test(word)) && !local.endsWith("'");
  return isLocal && HOST.test(text.slice(at + 1));
};

/** Whether a text is a day that there is, as YYYY-MM-DD. */
export const isDate = (text: string): boolean => {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  // A day that there is not becomes NaN, or one of the next month.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

const TIME =
  /^(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** Whether a text is a moment with its offset from UTC. @see RFC 3339, section 5.6 */
const isDateTime = (text: string): boolean =>
  isDate(text.slice(0, 10)) && /^t$/i.test(text.charAt(10)) && TIME.test(text.slice(11));

const isUri = (text: string): boolean => {
  try {
    return new URL(text).protocol !== "";
  } catch {
    return false;
  }
};

/** The formats that MCP allows in a form. */
export type Format = "email" | "uri" | "date" | "date-time";

const CHECKS: Readonly<Record<Format, (text: string) => boolean>> = {
  email: isEmail,
  uri: isUri,
  date: isDate,
  "date-time": isDateTime,
};

/** Whether this is the name of such a format. */
export const isFormat = (name: string): name is Format => Object.hasOwn(CHECKS, name);

/** Whether a text has the format. */
export const hasFormat = (text: string, format: Format): boolean => CHECKS[format](text);
