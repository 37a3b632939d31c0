/** The registry of resources: what clients may read by URI. As light as the registry of tools, and for the same reason. */
import type { FunctionArgs, FunctionReference } from "convex/server";
import type { Principal } from "../data/principal";
import type { Declares } from "./declares";
import { find, type Entries } from "./entries";

/** An internal query that a registry binds; its arguments and result are checked when it runs. */
export type QueryRef = FunctionReference<"query", "internal">;

/** An internal query that offers values: `{ value, principal? }` → at most 100 strings that go on from `value`. */
export interface Completer {
  readonly ref: QueryRef;
  readonly principal: boolean;
}

/** One resource, or one family of them, and what the gate must know of it. */
export interface Resource<P extends string = string> {
  /** What the caller's role must hold. */
  readonly permission: P;
  /** For programs and people: a short name. */
  readonly name: string;
  readonly description?: string;
  /** What the text or the bytes are, such as `text/markdown`. */
  readonly mimeType: string;
  readonly ref: QueryRef;
  readonly principal?: boolean;
  /** It may ask the client for input. */
  readonly input?: boolean;
  /** Variable of the template → what offers values for it. */
  readonly complete?: Readonly<Record<string, Completer>>;
}

/** URI, or URI template with `{variables}` (RFC 6570 level 1) → resource. */
export type Resources<P extends string = string> = Entries<Resource<P>>;

/** Binds a query that offers values for a template's variable or a prompt's argument. */
export const completer = <Ref extends QueryRef>(
  ref: Ref,
  principal: FunctionArgs<Ref> extends { principal: Principal } ? true : false,
): Completer => ({
  ref,
  principal,
});

type Spec<P extends string, Ref extends QueryRef> = Omit<
  Resource<P>,
  "ref" | "principal" | "input"
> &
  Declares<Ref>;

/**
 * Binds an internal query as a resource. It gets the template's variables as text arguments, and returns `{ text }`,
 * `{ blob }` (base64), or null if there is no such resource.
 */
export const resource = <const P extends string, Ref extends QueryRef>(
  ref: Ref,
  spec: Spec<P, Ref>,
): Resource<P> => ({ ...spec, ref });

export const isTemplate = (uri: string): boolean => uri.includes("{");

const decoded = (value: string): string | undefined => {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
};

/** The names of a template's variables, in their order. */
export const variableNames = (template: string): string[] =>
  Array.from(template.matchAll(/\{(\w+)\}/g), ([, name = ""]) => name);

/** A variable holds something, not without end, and no delimiter of URIs. */
const isValue = (text: string): boolean => /^[^/?#]{1,1024}$/.test(text);

/** The texts between a template's literals, each up to the next literal: one pass, however many variables there are. */
const valuesIn = (template: string, uri: string): string[] | undefined => {
  const [first = "", ...literals] = template.split(/\{\w+\}/);
  if (!uri.startsWith(first)) return undefined;
  const values: string[] = [];
  let at = first.length;
  for (const [index, literal] of literals.entries()) {
    const isLast = index === literals.length - 1;
    const end = isLast ? uri.length - literal.length : uri.indexOf(literal, at + 1);
    if (end < at || !uri.startsWith(literal, end)) return undefined;
    values.push(uri.slice(at, end));
    at = end + literal.length;
  }
  return values.every(isValue) ? values : undefined;
};

/** The variables of a template in a URI; undefined if it does not fit. */
const variablesIn = (template: string, uri: string): Record<string, string> | undefined => {
  const values = valuesIn(template, uri)?.map(decoded);
  if (values === undefined || values.includes(undefined)) return undefined;
  return Object.fromEntries(
    variableNames(template).map((name, index) => [name, values[index] ?? ""]),
  );
};

/** A resource that a URI names. */
export interface FoundResource {
  readonly resource: Resource;
  readonly variables: Readonly<Record<string, string>>;
}

/** Looks a resource up by its URI: first as it stands, then by template, in the order of the registry. */
export const findResource = (resources: Resources, uri: string): FoundResource | undefined => {
  const fixed = isTemplate(uri) ? undefined : find(resources, uri);
  if (fixed !== undefined) return { resource: fixed, variables: {} };
  for (const [template, one] of Object.entries(resources)) {
    const variables = isTemplate(template) ? variablesIn(template, uri) : undefined;
    if (variables !== undefined) return { resource: one(), variables };
  }
  return undefined;
};
