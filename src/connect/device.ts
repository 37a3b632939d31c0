/** The device flow (RFC 8628) as the device sees it, and the page at the address that it shows. */
import { randomText } from "../auth/random";
import { GRANT_ID_LENGTH, sealToken } from "../auth/token";
import { DEVICE_MS, POLL_MS } from "../data/device";
import { json } from "../wire/responses";
import { accessOf, checkResource } from "./asked";
import { clientIn } from "./clientId";
import { identifyDevice } from "./client/identify";
import { ask, problemOfRefusal } from "./glue";
import { checkPeppers, type Incoming } from "./incoming";
import { prefixOf } from "./options";
import { parametersOf, readForm } from "./parameters";
import { Problem } from "./problem";
import { hashUserCode, newUserCode, readUserCode } from "./userCode";
import { showCode } from "./views";

/** `POST /oauth/device_authorization`: a device gets a code for itself, and one for its person. */
export const startDevice = async (incoming: Incoming): Promise<Response> => {
  checkPeppers(incoming);
  const { peppers, origin, options } = incoming;
  const [pepper] = peppers;
  const form = await readForm(incoming.request);
  await clientIn(incoming, form);
  const found = await identifyDevice(incoming, form.need("client_id"));
  if ("problem" in found) throw new Problem("invalid_client", found.problem.message);
  checkResource(incoming, form.get("resource"));
  if (pepper === undefined) throw new Error("There is no pepper");
  const deviceId = await randomText(GRANT_ID_LENGTH);
  const userCode = await newUserCode();
  const result = await ask(incoming, "startDevice", {
    ...{ deviceId, userCodeHash: await hashUserCode(pepper, userCode) },
    ...{ client: found.client, access: accessOf(form.get("scope")) },
  });
  if ("refusal" in result) throw problemOfRefusal(result.refusal);
  const page = `${origin}${prefixOf(options)}/device`;
  const body = {
    device_code: await sealToken(peppers, "dc", [deviceId]),
    user_code: userCode,
    verification_uri: page,
    verification_uri_complete: `${page}?user_code=${userCode}`,
    ...{ expires_in: DEVICE_MS / 1000, interval: POLL_MS / 1000 },
  };
  return json(JSON.stringify(body));
};

/** `GET /oauth/device`: the person types the code. A link may only fill it in. */
export const device = (incoming: Incoming): Promise<Response> => {
  const typed = parametersOf(incoming.url.searchParams).get("user_code") ?? "";
  const userCode = readUserCode(typed);
  return Promise.resolve(showCode(incoming, userCode ?? ""));
};
