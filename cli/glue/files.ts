/** The glue: the files that join an app with the library, as `init` writes them and `check` expects them. */

/** What the texts of the glue depend on. */
export interface Setting {
  /** Of the package. */
  readonly version: string;
  /** The folder of the glue, seen from that of the functions: `toolgate`, `lib/gate`. */
  readonly dir: string;
  readonly language: "ts" | "js";
  readonly oauth: boolean;
  /** What clients are told of the server. */
  readonly app: { readonly name: string; readonly version: string };
}

interface Generated {
  /** What the file is for, in a sentence. */
  readonly what: string;
  readonly factory: string;
  readonly door: string;
  readonly exports: readonly string[];
  readonly takesChain?: true;
}

/** File → the files that only call a factory, and what each must export. */
export const generated = {
  gate: {
    what: "Decides whether a call may run.",
    factory: "gateModule",
    door: "gate",
    exports: ["admit", "rehearse"],
    takesChain: true,
  },
  jobs: {
    what: "Stores the state of long operations and of open streams.",
    factory: "jobsModule",
    door: "jobs",
    // prettier-ignore
    exports: ["answer", "ask", "cancel", "cancelRequest", "changes", "claim", "expire", "finish", "get", "isCancelled", "renew", "renewLease", "report", "respond", "responses", "stop", "sweep", "watch"],
  },
  reading: {
    what: "Runs the queries of tools, resources, prompts and completions.",
    factory: "readingModule",
    door: "reading",
    exports: ["read"],
  },
  worker: {
    what: "Runs a long operation as a job.",
    factory: "workerModule",
    door: "worker",
    exports: ["run"],
  },
  admin: {
    what: "Lets operators see and manage what agents do.",
    factory: "adminModule",
    door: "admin",
    // prettier-ignore
    exports: ["auditHead", "cancelJobById", "checkKey", "createKey", "decideApproval", "describeApp", "endAccess", "foldStats", "getApproval", "getKey", "insertKey", "listApprovals", "listAudit", "listConnections", "listJobs", "listKeys", "listRoles", "overview", "pruneAudit", "replaceKey", "revokeConnection", "revokeConnections", "revokeKey", "roleMatrix", "rotateKey", "sealAudit", "seenTools", "setRole", "updateKey", "verifyAudit", "verifyKey", "whatEnds"],
  },
  connect: {
    what: "Stores the connections of agents that come in by OAuth.",
    factory: "connectModule",
    door: "connections",
    // prettier-ignore
    exports: ["approve", "decideDevice", "document", "keepDocument", "prove", "revoke", "startDevice", "token"],
  },
} as const satisfies Readonly<Record<string, Generated>>;

export type GeneratedFile = keyof typeof generated;

/** The generated files that an app has. `connect` is for OAuth only. */
export const generatedFiles = (oauth: boolean): GeneratedFile[] =>
  (Object.keys(generated) as GeneratedFile[]).filter((file) => oauth || file !== "connect");

/** The line that a generated file exports by. */
export const exportLine = (file: GeneratedFile): string => {
  const { exports, factory, takesChain }: Generated = generated[file];
  return `export const { ${exports.join(", ")} } = ${factory}(app${takesChain ? ", chain" : ""});`;
};

const head = (what: string, version: string): string => `/** ${what} (toolgate ${version}) */`;

const generatedText = (file: GeneratedFile, { version }: Setting): string => {
  const { what, factory, door, takesChain }: Generated = generated[file];
  return [
    head(what, version),
    `import { ${factory} } from "toolgate/${door}";`,
    ...(takesChain ? ['import { chain } from "./chain";'] : []),
    'import { app } from "./tools";',
    exportLine(file),
  ].join("\n");
};

const catalogText = ({ version }: Setting): string =>
  [
    head("Describes the tools. Add each module with a function that tools.ts binds.", version),
    'import { catalogModule } from "toolgate/catalog";',
    'import { app } from "./tools";',
    "export const { list, explain } = catalogModule(app, {});",
  ].join("\n");

const chainText = ({ version, language }: Setting): string =>
  [
    head("The checks in front of /mcp, the outermost first. Change them as you like.", version),
    'import { apiKeyAuth, originCheck, rateLimit, rbac, streamBudget } from "toolgate/middleware";',
    `export const chain = [originCheck(), streamBudget(), rateLimit(), apiKeyAuth(), rbac()]${language === "ts" ? " as const" : ""};`,
  ].join("\n");

/** `my-app` reads "My app". */
const titleOf = (name: string): string => {
  const words = name.replace(/[-_.\s]+/g, " ").trim();
  return words === "" ? name : words.charAt(0).toUpperCase() + words.slice(1, 100);
};

/** What a model should know first. The first sentence is the app's to write, and `check` asks for it. */
const instructions = [
  "TODO: say what this server knows and does, which questions it answers, and which tools find the ids that others take.",
  "Send a new idempotencyKey with each call that writes, and the same key when you send that call again: then it has its effect once.",
].join(" ");

const definitionLines = ({ dir, language, app: { name, version } }: Setting): string[] => [
  `export const app${language === "ts" ? ": Toolgate" : ""} = defineToolgate({ name: ${JSON.stringify(name)}, version: ${JSON.stringify(version)}, title: ${JSON.stringify(titleOf(name))}, permissions, tools,`,
  `  roles: () => ({ admin: permissions, reader: permissions.filter((name${language === "ts" ? ": string" : ""}) => name.endsWith(":read")) }),`,
  `  instructions: \`${instructions}\`,`,
  ...(dir === "toolgate" ? [] : [`  dir: ${JSON.stringify(dir)},`]),
  "});",
];

const toolsText = (setting: Setting): string => {
  const isTyped = setting.language === "ts";
  return [
    head(
      "What agents may do: `npx toolgate add` writes lines here. Yours to change.",
      setting.version,
    ),
    `import { defineToolgate${isTyped ? ", type Toolgate, type Tools" : ""} } from "toolgate/tools";`,
    `const permissions = []${isTyped ? " as const" : ""};`,
    "// prettier-ignore",
    `const tools${isTyped ? ": Tools<(typeof permissions)[number]>" : ""} = {};`,
    ...definitionLines(setting),
  ].join("\n");
};

/** The glue of an app without tools: file name → text, with double quotes and semicolons. */
export const glueOf = (setting: Setting): ReadonlyMap<string, string> => {
  const texts = [
    ["tools", toolsText(setting)],
    ["chain", chainText(setting)],
    ["catalog", catalogText(setting)],
    ...generatedFiles(setting.oauth).map((file) => [file, generatedText(file, setting)] as const),
  ] as const;
  return new Map(texts.map(([file, text]) => [`${file}.${setting.language}`, `${text}\n`]));
};
