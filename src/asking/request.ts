/**
 * What a tool may ask on the client's side: of its user, of its model, for its roots.
 *
 * @see MCP 2026-07-28 basic/patterns/mrtr, client/elicitation, client/sampling, client/roots
 */
import { isObject } from "../wire/jsonrpc";

/** Asks the user. In form mode `requestedSchema` is a flat object of strings, numbers, booleans and choices; no secrets may be asked for. */
export interface Elicitation {
  readonly method: "elicitation/create";
  readonly params: { readonly message: string; readonly [member: string]: unknown };
}

/** Asks the client's model. */
export interface Sampling {
  readonly method: "sampling/createMessage";
  readonly params: { readonly maxTokens: number; readonly [member: string]: unknown };
}

/** Asks for the directories the client works in. */
export interface Roots {
  readonly method: "roots/list";
  readonly params: { readonly [member: string]: unknown };
}

export type InputRequest = Elicitation | Sampling | Roots;

/** Requests under keys of the tool's own choice. */
export type InputRequests = Readonly<Record<string, InputRequest>>;

/** A question to the user, to be answered in a form. The schema is MCP's, not checked here. */
export const elicitation = (message: string, requestedSchema: object): Elicitation => ({
  method: "elicitation/create",
  params: { mode: "form", message, requestedSchema },
});

/** A request to the client's model (MCP `CreateMessageRequestParams`). */
export const sampling = (params: Sampling["params"]): Sampling => ({
  method: "sampling/createMessage",
  params,
});

export const roots = (): Roots => ({ method: "roots/list", params: {} });

/** What a client may be able to answer: the path of the capability that says so. */
export type InputKind = "elicitation" | "elicitation.url" | "sampling" | "sampling.tools" | "roots";

/** What a client must be able to do to answer a request. */
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

/** Capabilities that stand for kinds, as the `requiredCapabilities` of an error. */
export const capabilitiesFor = (kinds: readonly InputKind[]): object => {
  const required: Record<string, object> = {};
  for (const [name, modes] of kinds.map((kind) => capability[kind]))
    required[name] = { ...required[name], ...modes };
  return required;
};

/** The kinds that a client's capabilities stand for. Elicitation without a mode means forms. */
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
