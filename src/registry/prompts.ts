/** The prompts of the registry: messages that a user may ask for by name. */
import type { Declares } from "./declares";
import type { Entries } from "./entries";
import type { Completer, QueryRef } from "./resources";

/** An argument of a prompt. Its value is text. */
export interface PromptArgument {
  readonly description: string;
  readonly required?: boolean;
  readonly complete?: Completer;
}

/** One prompt, as an entry of the registry. */
export interface Prompt<P extends string = string> {
  /** The permission that the caller's role must hold. */
  readonly permission: P;
  /** A short name for people. Default: made of the name. */
  readonly title?: string;
  readonly description: string;
  readonly arguments?: Readonly<Record<string, PromptArgument>>;
  readonly ref: QueryRef;
  readonly principal?: boolean;
  /** True if it may ask the client for input. */
  readonly input?: boolean;
}

/** Prompt name → prompt. */
export type Prompts<P extends string = string> = Entries<Prompt<P>>;

type Spec<P extends string, Ref extends QueryRef> = Omit<Prompt<P>, "ref" | "principal" | "input"> &
  Declares<Ref>;

/**
 * Binds a query as a prompt.
 *
 * The query gets all arguments as text. So it must declare them as strings, and refuse bad ones with a ConvexError. It returns
 * `{ messages }` (MCP `PromptMessage`).
 */
export const prompt = <const P extends string, Ref extends QueryRef>(
  ref: Ref,
  spec: Spec<P, Ref>,
): Prompt<P> => ({ ...spec, ref });
