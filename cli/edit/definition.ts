/** Finds in the text of tools.ts what `defineToolgate` is told. */
import type { Syntax } from "../app/syntax";
import { argumentsOf, bare, constant, constants, isCallOf } from "./tree";

/** The value of a member of the definition, also where that names a constant; undefined if the text has no usual form. */
export const definedPart = (body: readonly Syntax[], name: string): Syntax | undefined => {
  const call = constants(body).find(([, value]) => isCallOf(value, "defineToolgate"))?.[1];
  const [definition] = call === undefined ? [] : argumentsOf(call);
  if (definition?.type !== "ObjectExpression") return undefined;
  const property = (definition.properties as Syntax[]).find(
    ({ key }) => (key as Syntax | undefined)?.name === name,
  );
  const value = property && bare(property.value as Syntax);
  return value?.type === "Identifier" ? constant(body, String(value.name)) : value;
};
