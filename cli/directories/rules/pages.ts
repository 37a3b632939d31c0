/** Pages of MCP Apps, which hosts read before they show one (SEP-1865, specification 2026-01-26). */
import { VIEW_TYPE } from "../../../src/registry/views";
import { objectAt, textAt, type Rule } from "../rule";

export const PAGES: readonly Rule[] = [
  {
    ...{ name: "app-page", directory: "OpenAI", level: "refused" },
    fix: "Bind the page in `resources` of tools.ts, with the permission of the tool.",
    find: ({ tools, resources }) =>
      tools.flatMap((tool) => {
        const meta = objectAt(tool, "_meta");
        const uri = textAt(objectAt(meta, "ui"), "resourceUri") || textAt(meta, "ui/resourceUri");
        const page = resources.find((resource) => resource.uri === uri);
        if (uri === "" || page?.mimeType === VIEW_TYPE) return [];
        const what = page === undefined ? "is not listed" : `is not ${VIEW_TYPE}`;
        return [{ where: tool.name, what: `its page ${uri} ${what}` }];
      }),
  },
];
