/** The nonce of this page, by which the Content-Security-Policy lets its own `<style>` elements in. */
import { setNonce } from "get-nonce";

/** Reads the nonce that the server put into the page, and gives it to the library that locks scrolling behind dialogs. */
export const noncePage = (): string => {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
  setNonce(nonce);
  return nonce;
};
