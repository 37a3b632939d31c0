/** Makes HTML in which every text is escaped unless it is HTML itself. */

/** HTML that is safe to send. Only `markup` makes it. */
export interface Html {
  readonly html: string;
}

const NAMES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => NAMES[sign] ?? "");

type Part = string | number | Html | readonly Html[] | undefined | false;

const textOf = (part: Part): string => {
  if (part === undefined || part === false) return "";
  if (typeof part === "string" || typeof part === "number") return escaped(String(part));
  return "html" in part ? part.html : part.map(({ html }) => html).join("");
};

/** A template of HTML. Texts in it are escaped, other HTML is not, and what is undefined or false leaves nothing. */
export const markup = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: strings.map((text, at) => text + textOf(parts[at])).join(""),
});
