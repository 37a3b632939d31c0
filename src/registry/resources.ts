/** The resources of the registry, which clients read by URI. Light on purpose, because `http.ts` imports it: see tools.ts. */
import type { FunctionReference, FunctionVisibility } from "convex/server";
import type { Declares, TakesPrincipal } from "./declares";
import { find, type Entries } from "./entries";
import { VIEW_TYPE, type ViewNeeds } from "./views";

/** A query that the registry binds. Its arguments and result are checked when it runs. */
export type QueryRef = FunctionReference<"query", FunctionVisibility>;

/** A query that completes an argument: `{ value, principal? }` → at most 100 strings that begin with `value`. */
export interface Completer {
  readonly ref: QueryRef;
  readonly principal: boolean;
}

/** One resource, or all resources of one URI template, as an entry of the registry. */
export interface Resource<P extends string = string> {
  /** The permission that the caller's role must hold. */
  readonly permission: P;
  /** A short name for programs. */
  readonly name: string;
  /** A short name for people. Default: made of the name. */
  readonly title?: string;
  readonly description?: string;
  /** The media type of the text or bytes, such as `text/markdown`. */
  readonly mimeType: string;
  readonly ref: QueryRef;
  readonly principal?: boolean;
  /** True if it may ask the client for input. */
  readonly input?: boolean;
  /** Variable of the template → the query that completes it. */
  readonly complete?: Readonly<Record<string, Completer>>;
  /** Of a view only. */
  readonly ui?: ViewNeeds;
}

/** URI, or URI template with `{variables}` (RFC 6570 level 1) → resource. */
export type Resources<P extends string = string> = Entries<Resource<P>>;

/**
 * Binds a query that completes a template's variable or a prompt's argument.
 *
 * @param principal - true exactly if the query declares the argument `principal` with `principalValidator`. It must be internal then.
 */
export const completer = <Ref extends QueryRef>(
  ref: Ref,
  principal: TakesPrincipal<Ref>,
): Completer => ({
  ref,
  principal,
});

type Fields<P extends string> = Omit<Resource<P>, "ref" | "principal" | "input" | "ui">;

type Spec<P extends string, Ref extends QueryRef> = Fields<P> & Declares<Ref>;

/**
 * Binds a query as a resource.
 *
 * The query gets the template's variables as text arguments. It returns `{ text }`, `{ blob }` (base64), or null if there is no such
 * resource.
 */
export const resource = <const P extends string, Ref extends QueryRef>(
  ref: Ref,
  spec: Spec<P, Ref> & { readonly ui?: never },
): Resource<P> => ({ ...spec, ref });

/**
 * Binds a query as a view. Its key in the registry begins with `ui://`, and tools name it by `ui`.
 *
 * The query returns `{ text }`: an HTML document that holds all it needs, the same for every call of the tool. The client hands it the
 * arguments and the result. That the text is HTML is not checked.
 */
export const view = <const P extends string, Ref extends QueryRef>(
  ref: Ref,
  spec: Omit<Fields<P>, "mimeType" | "complete"> & Declares<Ref> & { readonly ui?: ViewNeeds },
): Resource<P> => ({ ui: {}, ...spec, mimeType: VIEW_TYPE, ref });

/** Whether a key of `Resources` is a URI template. */
export const isTemplate = (uri: string): boolean => uri.includes("{");

const decoded = (value: string): string | undefined => {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
};

/** Returns the names of a template's variables, in their order. */
export const variableNames = (template: string): string[] =>
  Array.from(template.matchAll(/\{(\w+)\}/g), ([, name = ""]) => name);

/** Whether a text can be a variable: 1 to 1,024 characters, without the delimiters of a URI. */
const isValue = (text: string): boolean => /^[^/?#]{1,1024}$/.test(text);

/** Returns the texts between a template's literals, each up to the next literal. One pass, however many variables there are. */
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

/** Reads the variables of a template from a URI; undefined if the URI does not fit. */
const variablesIn = (template: string, uri: string): Record<string, string> | undefined => {
  const values = valuesIn(template, uri)?.map(decoded);
  if (values === undefined || values.includes(undefined)) return undefined;
  return Object.fromEntries(
    variableNames(template).map((name, index) => [name, values[index] ?? ""]),
  );
};

/** The resource that a URI names, with the decoded variables of its template. */
export interface FoundResource {
  readonly resource: Resource;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Looks up a resource by its URI: first a fixed URI, then the templates, in the order of the registry.
 *
 * @returns undefined if there is none. Whether the query finds a row is not checked.
 * @see RFC 6570, level 1
 */
export const findResource = (resources: Resources, uri: string): FoundResource | undefined => {
  const fixed = isTemplate(uri) ? undefined : find(resources, uri);
  if (fixed !== undefined) return { resource: fixed, variables: {} };
  for (const [template, one] of Object.entries(resources)) {
    const variables = isTemplate(template) ? variablesIn(template, uri) : undefined;
    if (variables !== undefined) return { resource: one(), variables };
  }
  return undefined;
};
