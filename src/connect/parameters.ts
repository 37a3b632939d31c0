/** Reads the parameters of a query or a form. None may come twice (RFC 6749 section 3.1). */
import { readBody } from "../wire/body";
import { parseMediaType } from "../wire/mediaTypes";
import { decodeUtf8 } from "../wire/utf8";
import { Problem } from "./problem";

/** The largest body, in bytes. */
const MAX_BODY = 16 * 1024;

/** Parameters by name. */
export interface Parameters {
  /** The value; undefined if it is absent or empty, which counts as the same. @throws Problem if it comes twice. */
  readonly get: (name: string) => string | undefined;
  /** The same, but absent or empty is a Problem too. */
  readonly need: (name: string) => string;
  /** All values of a parameter that may come more than once. */
  readonly all: (name: string) => readonly string[];
}

export const parametersOf = (search: URLSearchParams): Parameters => {
  const get = (name: string): string | undefined => {
    const [value, ...more] = search.getAll(name);
    if (more.length > 0)
      throw new Problem("invalid_request", `The parameter ${name} was sent more than once`);
    return value === "" ? undefined : value;
  };
  const need = (name: string): string => {
    const value = get(name);
    if (value === undefined)
      throw new Problem("invalid_request", `The parameter ${name} is missing`);
    return value;
  };
  return { get, need, all: (name) => search.getAll(name) };
};

/** Reads a body as text. @throws Problem if its type is not `type`, or it is no UTF-8; RpcError as `readBody` does. */
export const readText = async (request: Request, type: string): Promise<string> => {
  if (parseMediaType(request.headers.get("content-type") ?? "")?.name !== type)
    throw new Problem("invalid_request", `Content-Type must be ${type}`);
  const text = decodeUtf8(await readBody(request, MAX_BODY));
  if (text === undefined) throw new Problem("invalid_request", "The body is not valid UTF-8");
  return text;
};

/** Reads the form in a body. @throws as `readText` does. */
export const readForm = async (request: Request): Promise<Parameters> =>
  parametersOf(new URLSearchParams(await readText(request, "application/x-www-form-urlencoded")));
