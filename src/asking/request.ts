/**
 * Requests that a tool may send to the client: to its user, to its model, or for its roots.
 *
 * @see MCP 2026-07-28 basic/patterns/mrtr, client/elicitation, client/sampling, client/roots
 */
import { isObject } from "../wire/jsonrpc";

/**
 * Asks the user. In form mode `requestedSchema` is a flat object of strings, numbers, booleans and choices. A form must not ask for
 * secrets.
 */
export interface Elicitation {
  readonly method: "elicitation/create";
  readonly params: { readonly message: string; readonly [member: string]: unknown };
}

/** Asks the client's model. */
export interface Sampling {
  readonly method: "sampling/createMessage";
  readonly params: { readonly maxTokens: number; readonly [member: string]: unknown };
}

/** Asks for the directories that the client works in. */
export interface Roots {
  readonly method: "roots/list";
  readonly params: { readonly [member: string]: unknown };
}

export type InputRequest = Elicitation | Sampling | Roots;

/** Key → request. The tool chooses the keys. */
export type InputRequests = Readonly<Record<string, InputRequest>>;

/**
 * Makes a request that the user answers in a form.
 *
 * @param requestedSchema - the form (MCP `ElicitRequestFormParams`). Not checked here.
 * @see MCP 2026-07-28 client/elicitation
 */
export const elicitation = (message: string, requestedSchema: object): Elicitation => ({
  method: "elicitation/create",
  params: { mode: "form", message, requestedSchema },
});

/**
 * Makes a request that the client's model answers.
 *
 * @param params - MCP `CreateMessageRequestParams`. Not checked here.
 * @see MCP 2026-07-28 client/sampling
 */
export const sampling = (params: Sampling["params"]): Sampling => ({
  method: "sampling/createMessage",
  params,
});

/**
 * Makes a request for the directories that the client works in.
 *
 * @see MCP 2026-07-28 client/roots
 */
export const roots = (): Roots => ({ method: "roots/list", params: {} });

/** A kind of request, named by the path of the client capability that it needs. */
export type InputKind = "elicitation" | "elicitation.url" | "sampling" | "sampling.tools" | "roots";

/** Returns the kind of a request. */
export const kindOf = ({ method, params }: InputRequest): InputKind => {
  switch (method) {
    case "elicitation/create":
      return params.mode === "url" ? "elicitation.url" : "elicitation";
    case "sampling/createMessage":
      return params.tools === undefined ? "sampling" : "sampling.tools";
    case "roots/list":
      return "roots";
  }
};

const capability: Readonly<Record<InputKind, readonly [name: string, modes: object]>> = {
  elicitation: ["elicitation", { form: {} }],
  "elicitation.url": ["elicitation", { url: {} }],
  sampling: ["sampling", {}],
  "sampling.tools": ["sampling", { tools: {} }],
  roots: ["roots", {}],
};

/** Returns the client capabilities that these kinds need, for the `requiredCapabilities` of an error. */
export const capabilitiesFor = (kinds: readonly InputKind[]): object => {
  const required: Record<string, object> = {};
  for (const [name, modes] of kinds.map((kind) => capability[kind]))
    required[name] = { ...required[name], ...modes };
  return required;
};

/**
 * Returns the kinds of requests that a client's capabilities allow. Elicitation without a mode means forms.
 *
 * @param capabilities - as the client sent them. Anything malformed allows nothing.
 */
export const kindsIn = (capabilities: unknown): InputKind[] => {
  if (!isObject(capabilities)) return [];
  const { elicitation: asksUser, sampling: asksModel, roots: knowsRoots } = capabilities;
  const kinds: InputKind[] = [];
  if (isObject(asksUser)) {
    if (isObject(asksUser.form) || !isObject(asksUser.url)) kinds.push("elicitation");
    if (isObject(asksUser.url)) kinds.push("elicitation.url");
  }
  if (isObject(asksModel)) {
    kinds.push("sampling");
    if (isObject(asksModel.tools)) kinds.push("sampling.tools");
  }
  if (isObject(knowsRoots)) kinds.push("roots");
  return kinds;
};
