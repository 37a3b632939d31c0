/** The token of this start of the server. It comes in the hash, and is kept for this tab alone. */

const NAME = "toolgate.console";

/** Of this load of the page. A link that comes later counts from the next load on: a poll must not try its token, and have it dropped. */
let own: string | undefined;

/** Moves the token from the address (`#t=…`) to the tab's own storage, and wipes the address at once. @returns whether there was one */
export const takeToken = (): boolean => {
  const [, token] = /^#t=([\w-]+)$/.exec(window.location.hash) ?? [];
  if (token === undefined) return false;
  window.sessionStorage.setItem(NAME, token);
  window.history.replaceState(null, "", window.location.pathname);
  return true;
};

/** Begins this load of the page with the token of its address, or else that of the tab. */
export const loadToken = (): void => {
  takeToken();
  own = window.sessionStorage.getItem(NAME) ?? undefined;
};

export const readToken = (): string | undefined => own;

/** Once the server has refused it: a later start of the server has another. */
export const dropToken = (): void => {
  if (window.sessionStorage.getItem(NAME) === own) window.sessionStorage.removeItem(NAME);
  own = undefined;
};
