/** How a module is named in `catalog.ts`. */

/** A name for a module that is a JavaScript identifier: `erp/orders` → `erpOrders` if `orders` is taken. */
export const moduleIdentifier = (module: string, taken: ReadonlySet<string>): string => {
  const segments = module.split("/");
  const names = segments.map((_, at) => camel(segments.slice(segments.length - 1 - at).join("-")));
  const free = names.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  const longest = names.at(-1) ?? "module";
  let number = 2;
  while (taken.has(`${longest}${number}`)) number++;
  return `${longest}${number}`;
};

const RESERVED =
  /^(?:app|list|explain|arguments|await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|eval|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield)$/;

const camel = (text: string): string => {
  const joined = text
    .replace(/[^A-Za-z0-9_$]+(.)?/g, (_, next: string | undefined) => (next ?? "").toUpperCase())
    .replace(/^\d/, (digit) => `_${digit}`);
  return joined === "" || RESERVED.test(joined) ? `${joined}Module` : joined;
};

/** The way from the folder of the glue up to that of the functions: `../`. */
export const upFrom = (dir: string): string => "../".repeat(dir.split("/").length);

/** The import of a module into `catalog.ts`. */
export const catalogImport = (module: string, identifier: string, dir: string): string =>
  `import * as ${identifier} from "${upFrom(dir)}${module}";`;

/** Its entry there. */
export const catalogEntry = (module: string, identifier: string): string =>
  module === identifier ? identifier : `${JSON.stringify(module)}: ${identifier}`;

/** Both, for a person to add. */
export const catalogLines = (module: string, dir = "toolgate"): string[] => {
  const identifier = moduleIdentifier(module, new Set());
  return [catalogImport(module, identifier, dir), `${catalogEntry(module, identifier)},`];
};
