/** The documents that clients publish of themselves (Client ID Metadata Documents), as far as they count here. */
import { onOneLine } from "../../base/plainText";
import type { ClientDocument } from "../../grants/documents";
import { isObject } from "../../wire/jsonrpc";
import { usableRedirects } from "./redirect";

/** The longest name of a client, in characters. A longer one could push what is certain off the page. */
const NAME_LENGTH = 60;

/**
 * The name that a client gives itself, on one line and cut to 60 characters.
 *
 * @param otherwise - the name of one that gives none.
 */
export const nameOf = (name: unknown, otherwise: string): string => {
  const line = typeof name === "string" ? onOneLine(name, NAME_LENGTH) : "";
  return line === "" ? otherwise : line;
};

/** Clients are public here, so one of the ways in which this one may come must be without a secret. The list counts if there is one. */
const isPublicClient = (document: Readonly<Record<string, unknown>>): boolean => {
  const several = document.token_endpoint_auth_methods_supported;
  if (Array.isArray(several)) return several.includes("none");
  const single = document.token_endpoint_auth_method;
  return single === undefined || single === "none";
};

/**
 * Reads a document.
 *
 * @param url - where it was fetched.
 * @returns undefined if it names another client, has no usable redirect URI, or asks for a secret.
 * @see modelcontextprotocol 2026-07-28, basic/authorization/client-registration
 */
export const readDocument = (url: URL, value: unknown): ClientDocument | undefined => {
  if (!isObject(value) || value.client_id !== url.href || !isPublicClient(value)) return undefined;
  const redirectUris = Array.isArray(value.redirect_uris)
    ? usableRedirects(value.redirect_uris)
    : [];
  if (redirectUris.length === 0) return undefined;
  return { name: nameOf(value.client_name, url.hostname), redirectUris };
};
