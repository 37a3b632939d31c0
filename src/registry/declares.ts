/** What a line of the registry must say of the arguments that its function declares, and which functions cannot be bound at all. */
import type {
  FunctionArgs,
  FunctionReference,
  FunctionType,
  FunctionVisibility,
} from "convex/server";
import type { InputArgument, JobArgument } from "../data/arguments";
import type { Principal } from "../data/principal";

/** Any function of the app. A public one can be bound as well, unless it trusts an argument that the server fills in. */
export type AnyReference = FunctionReference<FunctionType, FunctionVisibility>;

/** No line has this member, so the compiler refuses the line and shows why. */
type Refuse<Why extends string> = { readonly [W in Why]: never };

type IsAny<T> = 0 extends 1 & T ? true : false;

/**
 * Whether an argument is the library's, alone or in a union. An app's own argument may have the same name: a text, say, or an object
 * with other members.
 */
type IsFilledIn<Argument, Value> =
  IsAny<Argument> extends true
    ? false
    : [Extract<Argument, Value>] extends [never]
      ? false
      : [Value] extends [Argument]
        ? true
        : false;

type Stated<Name extends string, Visibility> = Visibility extends "public"
  ? Refuse<`anyone can call a public function and send a ${Name} of their own: make it internal`>
  : { readonly [N in Name]: true };

type Declared<Args, Name extends string, Value, Visibility> = Name extends keyof Args
  ? IsFilledIn<Required<Args>[Name], Value> extends true
    ? Stated<Name, Visibility>
    : { readonly [N in Name]?: false }
  : { readonly [N in Name]?: false };

/** The int64 and bytes inside a type, however deep; never if there are none. */
type WithoutJson<T> =
  IsAny<T> extends true
    ? never
    : T extends bigint | ArrayBuffer
      ? T
      : T extends string | number | boolean | null | undefined
        ? never
        : T extends readonly (infer Item)[]
          ? WithoutJson<Item>
          : { [K in keyof T]-?: WithoutJson<T[K]> }[keyof T];

type Sendable<Args> = [WithoutJson<Args>] extends [never]
  ? unknown
  : Refuse<"an argument holds int64 or bytes, which JSON cannot carry">;

type DeclaredIn<Args, Visibility> = Declared<Args, "principal", Principal, Visibility> &
  Declared<Args, "job", JobArgument, Visibility> &
  Declared<Args, "input", InputArgument, Visibility> &
  Sendable<Args>;

/** A reference that was written by hand may not know its arguments. */
type Unknown = {
  readonly principal?: boolean;
  readonly job?: boolean;
  readonly input?: boolean;
};

/**
 * `principal: true`, `job: true` and `input: true`, each exactly if the function declares that argument with the library's validator;
 * the compiler insists on it. A function that cannot be bound does not compile: one without `args`, with an argument that no client can
 * send, or a public one with an argument that the server fills in.
 */
export type Declares<Ref extends AnyReference> =
  IsAny<FunctionArgs<Ref>> extends true
    ? Unknown
    : string extends keyof FunctionArgs<Ref>
      ? Refuse<"the function must declare args">
      : DeclaredIn<FunctionArgs<Ref>, Ref["_visibility"]>;

/** `true` exactly if a query declares the library's `principal`; never if it must not be bound. */
export type TakesPrincipal<Ref extends AnyReference> =
  IsAny<FunctionArgs<Ref>> extends true
    ? boolean
    : Declared<FunctionArgs<Ref>, "principal", Principal, Ref["_visibility"]> extends infer Line
      ? "principal" extends keyof Line
        ? Line["principal"] extends true
          ? true
          : false
        : never
      : never;

/** `idempotencyKey: true` exactly if a function that writes declares an argument of that name. */
export type DeclaresKey<Ref extends AnyReference> =
  IsAny<FunctionArgs<Ref>> extends true
    ? { readonly idempotencyKey?: boolean }
    : "idempotencyKey" extends keyof FunctionArgs<Ref>
      ? { readonly idempotencyKey: true }
      : { readonly idempotencyKey?: false };

/** What Convex's `paginationOptsValidator` accepts at the least. */
type Page = { numItems: number; cursor: string | null };

type TakesPage<Args> = "paginationOpts" extends keyof Args
  ? IsAny<Args["paginationOpts"]> extends true
    ? false
    : Page extends Required<Args>["paginationOpts"]
      ? true
      : false
  : false;

type PageOf<Args> =
  TakesPage<Args> extends true
    ? { readonly paginated: true } & (Extract<keyof Args, "cursor" | "limit"> extends never
        ? unknown
        : Refuse<"clients ask for a page by cursor and limit: give your argument another name">)
    : { readonly paginated?: false };

/** `paginated: true` exactly if the function takes `paginationOpts`. */
export type DeclaresPage<Ref extends AnyReference> =
  IsAny<FunctionArgs<Ref>> extends true
    ? { readonly paginated?: boolean }
    : PageOf<FunctionArgs<Ref>>;
