/** Wrong arguments for every tool, made from the schema that it lists. */
import { INHERITED, legacy, metaWith, modern, ODD_NAMES, show, type Row, type Value } from "./row";

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

export interface Tool {
  readonly name: string;
  readonly inputSchema: Schema;
}

/** What is wrong for a type and means nothing else. */
const WRONG: Readonly<Record<string, readonly Value[]>> = {
  string: [1, [], {}],
  number: ["x", true, "NaN"],
  integer: ["x", 1.5, 2 ** 53 + 2, "Infinity"],
  boolean: ["x", 2, {}],
  array: [1, "x", {}],
  object: [true, "x", []],
};

const call = (name: string, args: unknown) => legacy("tools/call", { name, arguments: args });

const badlyNamed = (tool: string, name: string): Row => ({
  what: `${tool}: an argument ${show(name)}`,
  ...call(tool, { [name]: 1 }),
});

const rowsOf = ({ name: tool, inputSchema }: Tool): Row[] => {
  const { properties = {}, required = [] } = inputSchema;
  const wrong = Object.entries(properties).flatMap(([name, { type = "string" }]) =>
    (WRONG[type] ?? []).map((value): Row => ({
      what: `${tool}: ${name} ${show(value)}`,
      ...call(tool, { [name]: value }),
      names: name,
    })),
  );
  const lacking = required.map((name): Row => ({
    what: `${tool}: no ${name}`,
    ...call(tool, {}),
    names: name,
  }));
  return [...wrong, ...lacking.slice(0, 1)];
};

const FORGED = ["", "x", "a.b", "a".repeat(5000), btoa("{}"), 1, null, {}, []];

/** Answers and states that no server gave. */
const forged = (tool: string): Row[] =>
  FORGED.flatMap((requestState): Row[] => [
    {
      what: `requestState ${show(requestState)}`,
      ...modern("tools/call", { name: tool, arguments: {}, requestState, inputResponses: {} }),
    },
    {
      what: `inputResponses ${show(requestState)}`,
      ...modern("tools/call", { name: tool, arguments: {}, inputResponses: requestState }),
    },
  ]);

const KEYS = ["", "short", "a".repeat(129), "with blank", "\u00e4".repeat(8), 12345678, {}, []];

const idempotencyKeys = (tool: string): Row[] =>
  KEYS.flatMap((key): Row[] => [
    {
      what: `an idempotency key ${show(key)} in _meta`,
      ...legacy("tools/call", {
        ...{ name: tool, arguments: {} },
        _meta: { "toolgate/idempotencyKey": key },
      }),
    },
    {
      what: `an idempotency key ${show(key)} in _meta, modern`,
      ...modern(
        "tools/call",
        { name: tool, arguments: {} },
        metaWith({ "toolgate/idempotencyKey": key }),
      ),
    },
  ]);

const ARGUMENTS = [null, true, 0, 1, "", "x", "{}", [], [1], [[]]];

const noArguments = (tool: string): Row[] =>
  ARGUMENTS.map((args): Row => ({
    what: `${tool}: arguments ${show(args)}`,
    ...call(tool, args),
    ...(args === null || args === "{}" ? { mayPass: true } : {}),
  }));

export const toolCalls = (tools: readonly Tool[]): Record<string, readonly Row[]> => ({
  "arguments that the schema refuses": tools.flatMap(rowsOf),
  "arguments with odd names": ["customers_get", "orders_create"].flatMap((tool) =>
    [...ODD_NAMES, ...INHERITED].map((name) => badlyNamed(tool, name)),
  ),
  "arguments that are none": [tools[0], tools[1]].flatMap((tool) => noArguments(tool?.name ?? "")),
  "forged answers": forged("orders_cancel"),
  "idempotency keys": idempotencyKeys("orders_confirm"),
});
