/** `POST /oauth/revoke`: a client gives its connection back (RFC 7009). */
import { hashesOf } from "../auth/credential";
import { openToken } from "../auth/token";
import { json } from "../wire/responses";
import { clientIn } from "./clientId";
import { ask } from "./glue";
import { checkPeppers, type Incoming } from "./incoming";
import { readForm } from "./parameters";

/** Ends the connection of a token, access or refresh. A token that is not ours gets the same answer and costs no call. */
export const revoke = async (incoming: Incoming): Promise<Response> => {
  checkPeppers(incoming);
  const { peppers, request } = incoming;
  const form = await readForm(request);
  const token = form.need("token");
  const clientId = await clientIn(incoming, form);
  const parts = (await openToken(peppers, "rt", token)) ?? (await openToken(peppers, "at", token));
  const [grantId, secret] = parts ?? [];
  if (grantId !== undefined && secret !== undefined)
    await ask(incoming, "revoke", { grantId, hashes: await hashesOf(secret, peppers), clientId });
  return json("{}");
};
