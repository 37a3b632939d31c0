/** The arguments that the server fills in: a line of the registry states those that its function declares. */
import type { FunctionArgs, FunctionReference, FunctionType } from "convex/server";
import type { InputArgument, JobArgument } from "../data/arguments";
import type { Principal } from "../data/principal";

type Declared<Args, Name extends string, Argument> = Args extends { [N in Name]: Argument }
  ? { readonly [N in Name]: true }
  : { readonly [N in Name]?: false };

/** `principal: true`, `job: true` and `input: true`, each exactly if the function declares that argument; the compiler insists on it. */
export type Declares<Ref extends FunctionReference<FunctionType, "internal">> = Declared<
  FunctionArgs<Ref>,
  "principal",
  Principal
> &
  Declared<FunctionArgs<Ref>, "job", JobArgument> &
  Declared<FunctionArgs<Ref>, "input", InputArgument>;
