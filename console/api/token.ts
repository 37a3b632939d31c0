/** The token of this start of the server. It comes in the hash, and is kept for this tab alone. */

const NAME = "toolgate.console";

/** Moves the token from the address (`#t=…`) to the tab's own storage, and wipes the address at once. @returns whether there was one */
export const takeToken = (): boolean => {
  const [, token] = /^#t=([\w-]+)$/.exec(window.location.hash) ?? [];
  if (token === undefined) return false;
  window.sessionStorage.setItem(NAME, token);
  window.history.replaceState(null, "", window.location.pathname);
  return true;
};

export const readToken = (): string | undefined => window.sessionStorage.getItem(NAME) ?? undefined;

/** Once the server has refused it: a later start of the server has another. */
export const dropToken = (): void => {
  window.sessionStorage.removeItem(NAME);
};
