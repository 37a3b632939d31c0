/** Titles for people, who read them in the place of names. */

/** Lower case, unless it is an abbreviation. */
const inSentence = (word: string): string =>
  /^[A-Z](?:[^A-Z]|$)/.test(word) ? word.charAt(0).toLowerCase() + word.slice(1) : word;

/** Returns the title that is stated, or else one made of the name: `customers_search` and `customersSearch` read "Customers search". */
export const titleOf = (name: string, title?: string): string => {
  if (title !== undefined) return title;
  const words = name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .split(/[\s_.-]+/)
    .filter((word) => word !== "")
    .map(inSentence)
    .join(" ");
  return words === "" ? name : words.charAt(0).toUpperCase() + words.slice(1);
};
