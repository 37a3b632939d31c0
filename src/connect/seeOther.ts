/** A redirect that the browser follows by GET, also after a POST. */
import { empty } from "../wire/responses";

/** @param url - checked before. */
export const seeOther = (url: string): Response =>
  empty(303, { Location: url, "Referrer-Policy": "no-referrer" });
