/** Tells the library's files from the app's and from packages. */
const root = new URL("../..", import.meta.url).href;

/** The path from the root of the repository, such as `src/mcp/endpoint.ts`; undefined if the module is none of the library. */
export const libraryFile = (url: string): string | undefined =>
  url.startsWith(`${root}src/`) ? url.slice(root.length) : undefined;
