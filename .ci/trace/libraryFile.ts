/** Tells files of the library from files of the app and of packages. */
const root = new URL("../..", import.meta.url).href;

/** Returns the path from the root of the repository, such as `src/mcp/endpoint.ts`; undefined if the file is not in `src/`. */
export const libraryFile = (url: string): string | undefined =>
  url.startsWith(`${root}src/`) ? url.slice(root.length) : undefined;
