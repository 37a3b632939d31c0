/** Whether a text has more than `limit` bytes in UTF-8, which is what Convex counts. */
export const isLongerThan = (text: string, limit: number): boolean =>
  text.length > limit / 3 && new TextEncoder().encode(text).length > limit;
