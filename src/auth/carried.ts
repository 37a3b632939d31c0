/** Texts that a client carries for an app, such as the cursor of a list: it can read them, but neither change them nor make its own. */
import { readPeppers } from "./pepper";
import { seal, unseal } from "./seal";

/** No purpose of the library's own begins so. */
const own = (purpose: string): string => `app:${purpose}`;

/**
 * Seals a text with a secret of the deployment: the first pepper of TOOLGATE_PEPPERS. The text stays readable.
 *
 * @param purpose - what the text is for, and for whom. It opens for no other.
 * @throws Error if there is no pepper.
 */
export const sealText = (purpose: string, text: string): Promise<string> =>
  seal(readPeppers(), own(purpose), text);

/**
 * Opens a text of `sealText`, as long as its pepper is listed. Its age is not checked.
 *
 * @returns undefined for any other text.
 */
export const openText = (purpose: string, sealed: string): Promise<string | undefined> =>
  unseal(readPeppers(), own(purpose), sealed);
