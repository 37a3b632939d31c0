/** `npm run trace`: prints which files and functions of the library one `tools/call` runs through, in order. */
import { Command } from "commander";
import { newCaller } from "./caller";
import { startRecorder, type Trace } from "./record";

/** Tool → arguments of an example call, for tools that need some. */
const ARGUMENTS: Readonly<Record<string, object>> = {
  products_search: { text: "bolt" },
  products_get: { sku: "ACM-101" },
  customers_create: { name: "Trace Ltd", email: "trace@example.com" },
  customers_import: { lines: '{"name":"Trace Ltd","email":"trace@example.com"}' },
};

const MAX_SHOWN = 100;

const program = new Command("npm run trace --")
  .description(
    "Calls one tool of the demo ERP over HTTP, in this process, and prints which files and functions of src/ the call runs\n" +
      "through, in the order in which it enters them. A function without a name goes by the one around it and its line.",
  )
  .argument("<tool>", "such as products_search")
  .argument("[arguments]", "a JSON object; some that succeed for a few tools, else {}")
  .allowExcessArguments(false)
  .addHelpText(
    "after",
    `
Examples:
  npm run trace -- products_search
  npm run trace -- customers_create '{"name":"Ada","email":"ada@example.com"}'`,
  );

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    return program.error(`The arguments are no JSON: ${String(error)}`);
  }
};

const argumentsIn = (text: string): object => {
  const value = parse(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  return program.error("The arguments must be a JSON object");
};

/** Shows how a call ended in one line, so that the reader sees whether the trace is of a good call. */
const ending = (message: string): string => {
  const { result, error } = JSON.parse(message) as {
    result?: { isError?: boolean; content?: unknown };
    error?: unknown;
  };
  if (result === undefined) return `error: ${JSON.stringify(error)}`;
  return `${result.isError === true ? "isError" : "result"}: ${JSON.stringify(result.content)}`;
};

const shortened = (text: string): string =>
  text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;

const print = (trace: Trace): void => {
  for (const [file, functions] of trace) console.log(`${file}  ${functions.join(", ")}`);
  const count = [...trace.values()].reduce((sum, { length }) => sum + length, 0);
  console.log(`${trace.size} files, ${count} functions`);
};

const [tool, json] = program.parse().processedArgs as [string, string?];
const given = json === undefined ? undefined : argumentsIn(json);
const record = await startRecorder();
// Imported only after the recorder starts, because it loads files of the library.
const {
  app: { tools },
} = await import("../../convex/toolgate/tools");
if (!Object.hasOwn(tools, tool)) {
  program.error(
    `There is no tool ${JSON.stringify(tool)}. There are: ${Object.keys(tools).join(", ")}`,
  );
}
const args = given ?? ARGUMENTS[tool] ?? {};
// Each call has its own database, so that the first call warms up the modules without an effect on the data of the second.
const [warmUp, call] = [await newCaller(), await newCaller()];
await warmUp(tool, args);
let answer = "";
const trace = await record(async () => {
  answer = await call(tool, args);
});
console.log(shortened(`${tool} ${JSON.stringify(args)}`));
console.log(shortened(ending(answer)));
print(trace);
// The timer of a job's watchdog would keep the process alive for most of a minute.
process.exit();
