/** Sends requests to the server that serves this page, with the tab's token. */
import { noteRefusal } from "./access";
import { Failure } from "./failure";
import { noteAnswer, noteSilence } from "./link";
import { readToken } from "./token";

const reach = async (path: string, init: RequestInit): Promise<Response> => {
  try {
    return await fetch(path, { ...init, credentials: "omit", cache: "no-store" });
  } catch (error) {
    if (init.signal?.aborted !== true) noteSilence();
    throw error instanceof DOMException && error.name === "AbortError"
      ? error
      : new Failure("offline", "The console's server does not answer. Does it still run?");
  }
};

/**
 * @param path - such as `/console/run`.
 * @throws Failure `offline` without an answer, `unauthorized` if the token is refused
 */
export const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${readToken() ?? ""}`);
  const response = await reach(path, { ...init, headers });
  noteAnswer();
  if (response.status !== 401) return response;
  noteRefusal();
  throw new Failure("unauthorized", "This tab is no longer signed in");
};
