/** What named clients refuse or cut, in one table: each rule has its client, its source, and what to do. */
import type { JsonSchema } from "../../src/catalog/jsonSchema";
import { schemasIn } from "../../src/catalog/mapSchema";
import type { ListedTool } from "./report";
import { estimateTokens } from "./tokens";

interface Rule {
  readonly client: string;
  /** Where that is said, or by whom it is reported. */
  readonly source: string;
  /** What a tool has that the client does not take; undefined if there is nothing. */
  readonly finds: (tool: ListedTool) => string | undefined;
  readonly fix: string;
}

/** The characters of a description that OpenAI's portal takes. */
export const MAX_DESCRIPTION = 200;

const longer = (what: string, length: number, most: number): string | undefined =>
  length > most ? `${what} has ${length} characters, over ${most}` : undefined;

/** Finds a keyword in the arguments of a tool, at any depth. */
const keyword =
  (has: (schema: JsonSchema) => string | undefined) =>
  ({ inputSchema }: ListedTool): string | undefined => {
    const found = schemasIn(inputSchema).flatMap((schema) => has(schema) ?? []);
    const names = [...new Set(found)].join(", ");
    return names === "" ? undefined : `its arguments use ${names}`;
  };

const anyOf =
  (...names: readonly string[]) =>
  (schema: JsonSchema): string | undefined =>
    names.find((name) => name in schema);

const undescribed = ({ inputSchema }: ListedTool): string | undefined => {
  const properties = Object.entries((inputSchema.properties ?? {}) as Record<string, JsonSchema>);
  const names = properties.filter(([, one]) => !one.description).map(([name]) => name);
  return names.length > 0 ? `it does not describe ${names.join(", ")}` : undefined;
};

const RULES: readonly Rule[] = [
  {
    client: "ChatGPT's directory",
    source: "report: whisper-money#751",
    finds: ({ description }) => longer("its description", description.length, MAX_DESCRIPTION),
    fix: `say it in ${MAX_DESCRIPTION}`,
  },
  {
    client: "claude.ai, whose prefix leaves 21 of 64",
    source: "claude-code#21050",
    finds: ({ name }) => longer("its name", name.length, 21),
    fix: "choose a shorter name",
  },
  {
    client: "every model",
    source: "Anthropic and OpenAI, guides to tools",
    finds: undescribed,
    fix: "describe them in the line, under `arguments`",
  },
  {
    client: "the Claude API",
    source: "claude-code, reports; Anthropic tools",
    finds: ({ inputSchema }) => {
      const found = anyOf("anyOf", "oneOf", "allOf")(inputSchema);
      return found && `its schema has ${found} at the root`;
    },
    fix: "make it one object with optional members",
  },
  {
    client: "the Claude API",
    source: "report: claude-code",
    finds: keyword(anyOf("patternProperties")),
    fix: "use additionalProperties",
  },
  {
    client: "OpenAI's strict mode",
    source: "OpenAI, structured outputs: supported schemas",
    finds: keyword(anyOf("oneOf", "allOf", "not", "if", "patternProperties", "dependentSchemas")),
    fix: "use anyOf, or one object with optional members",
  },
  {
    client: "OpenAI's strict mode",
    source: "copilot-cli#2223",
    finds: keyword(({ type, properties }) =>
      type === "object" && properties === undefined ? "an object of any members" : undefined,
    ),
    fix: "name its members, or take a list of { name, value }",
  },
  {
    client: "Gemini, unless the client strips it",
    source: "LibreChat#13850, promptfoo#6902, opencode#14234",
    finds: keyword((schema) =>
      Array.isArray(schema.type)
        ? "a list of types"
        : anyOf(
            ...[
              "const",
              "exclusiveMinimum",
              "exclusiveMaximum",
              "$ref",
              "uniqueItems",
              "multipleOf",
            ],
          )(schema),
    ),
    fix: "say it by enum, minimum, maximum or in the description; the function checks it all the same",
  },
  {
    client: "Gemini",
    source: "@google/genai, its conversion of schemas",
    finds: keyword(({ format }) =>
      typeof format === "string" && format !== "date-time" && format !== "enum"
        ? `the format ${format}`
        : undefined,
    ),
    fix: "say the form in the description and check it by refine",
  },
];

/** The longest instructions that Claude Code reads (its documentation, and claude-code#81268). It cuts the rest without a word. */
export const MAX_INSTRUCTIONS = 2_048;

/** Reported when ChatGPT makes a connector: names, descriptions and schemas of arguments together (directus/mcp#14). */
const MAX_TOKENS = 5_000;

/** What clients pay for a list, in tokens. See estimateTokens. */
const costOf = (tools: readonly ListedTool[]): number => {
  const texts = tools.flatMap(({ name, description, inputSchema }) => [
    ...[name, description, JSON.stringify(inputSchema)],
  ]);
  return texts.reduce((sum, text) => sum + estimateTokens(text), 0);
};

const notesOfList = (tools: readonly ListedTool[], instructions: string): string[] => {
  const tokens = costOf(tools);
  const long = longer("the text of the instructions", instructions.length, MAX_INSTRUCTIONS);
  return [
    ...(long === undefined
      ? []
      : [`${long}: Claude Code cuts the rest. Say the most important first, and less.`]),
    ...(tokens > MAX_TOKENS
      ? [
          `the list comes to some ${tokens.toLocaleString("en")} tokens, over 5,000: ChatGPT may refuse it, and every client pays for it. Shorten descriptions, or bind fewer tools.`,
        ]
      : []),
  ];
};

/** Says what named clients refuse or cut: one note for each rule, with the tools that it is about. */
export const notesOfClients = (tools: readonly ListedTool[], instructions = ""): string[] => [
  ...notesOfList(tools, instructions),
  ...RULES.flatMap(({ client, finds, fix, source }) => {
    const found = tools.flatMap((tool) => {
      const what = finds(tool);
      return what === undefined ? [] : [`${tool.name}: ${what}`];
    });
    return found.length === 0 ? [] : [`${found.join("; ")}. For ${client} (${source}): ${fix}.`];
  }),
];
