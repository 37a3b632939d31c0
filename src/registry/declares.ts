/** What a line of the registry must say of the arguments that its function declares, and which arguments cannot be bound at all. */
import type { FunctionArgs, FunctionReference, FunctionType } from "convex/server";
import type { InputArgument, JobArgument } from "../data/arguments";
import type { Principal } from "../data/principal";

/** No line has this member, so the compiler refuses the line and shows why. */
type Refuse<Why extends string> = { readonly [W in Why]: never };

type IsAny<T> = 0 extends 1 & T ? true : false;

type Declared<Args, Name extends string, Argument> = Name extends keyof Args
  ? Required<Args>[Name] extends Argument
    ? { readonly [N in Name]: true }
    : Refuse<`the server fills in the argument ${Name}: give yours another name`>
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

type Unreserved<Args> = "idempotencyKey" extends keyof Args
  ? Refuse<"the argument name idempotencyKey is reserved">
  : unknown;

type DeclaredIn<Args> = Declared<Args, "principal", Principal> &
  Declared<Args, "job", JobArgument> &
  Declared<Args, "input", InputArgument> &
  Sendable<Args> &
  Unreserved<Args>;

/** A reference that was written by hand may not know its arguments. */
type Unknown = {
  readonly principal?: boolean;
  readonly job?: boolean;
  readonly input?: boolean;
};

/**
 * `principal: true`, `job: true` and `input: true`, each exactly if the function declares that argument; the compiler insists on it.
 * A function that cannot be bound does not compile: one without `args`, or with an argument that no client can send.
 */
export type Declares<Ref extends FunctionReference<FunctionType, "internal">> =
  IsAny<FunctionArgs<Ref>> extends true
    ? Unknown
    : string extends keyof FunctionArgs<Ref>
      ? Refuse<"the function must declare args">
      : DeclaredIn<FunctionArgs<Ref>>;
