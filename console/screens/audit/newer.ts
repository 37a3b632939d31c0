/** Which rows of the audit log have come since the list was read. */

/** How many rows lie before the first that is shown. All of them, if it is not among them. */
export const countNewer = (
  newest: readonly { readonly id: string }[],
  shown: readonly { readonly id: string }[],
): number => {
  const [first] = shown;
  const at = first === undefined ? -1 : newest.findIndex(({ id }) => id === first.id);
  return at === -1 ? newest.length : at;
};
