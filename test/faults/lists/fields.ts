/** Fields: what a function says of its arguments counts. */
import type { Fault } from "../fault";

export const fields: readonly Fault[] = [
  {
    what: "a limit that an optional field holds is forgotten",
    file: "src/fields/field.ts",
    from: "{ [keywords]: all, optional, asOptional: optional }",
    to: "{ [keywords]: all }",
    test: "src/fields/read.test.ts",
  },
  {
    what: "a check that no keyword says is not made",
    file: "src/fields/read.ts",
    from: "passes?.(value as never) === false",
    to: "passes?.(value as never) === undefined && says !== undefined",
    test: "src/fields/read.test.ts",
  },
  {
    what: "a text is weighed before it is trimmed",
    file: "src/fields/read.ts",
    from: "limitProblems(meant,",
    to: "limitProblems(value,",
    test: "src/fields/read.test.ts",
  },
  {
    what: "a handler gets a text as it was sent, though it was weighed without its white space",
    file: "src/fields/checked.ts",
    from: "const known = meant(args, sent);",
    to: "const known = meant(args, sent) && sent;",
    test: "src/fields/checked.test.ts",
  },
  {
    what: "a result that does not fit is given out",
    file: "src/fields/checked.ts",
    from: "requireResult(returns, result);",
    to: "requireResult(undefined, result);",
    test: "src/fields/checked.test.ts",
  },
  {
    what: "the list does not show what fields say",
    file: "src/catalog/inputSchema.ts",
    from: "Object.hasOwn(validators, name) ?",
    to: "Object.hasOwn(validators, name) && tool === name ?",
    test: "test/adoption/binding/asUser.test.ts",
  },
];
