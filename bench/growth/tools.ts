/** 10 to 1,000 tools: the list, read to its end, and a call of the last tool. */
import { requestOf, textOf, type Ask } from "../lib/mcpRequest";
import type { Table } from "../lib/report";
import { toolNames } from "../peers/peer";
import { toolgate } from "../peers/toolgate";
import { timed } from "./timed";

export const byTools = async (): Promise<Table> => {
  const rows = [];
  for (const count of [10, 100, 1_000]) {
    const names = toolNames(count);
    const last = names.at(-1) ?? "";
    const serve = await toolgate.serve(names);
    const send = async (ask: Omit<Ask, "era" | "key">) =>
      textOf(await serve(requestOf({ ...ask, era: "2025", key: toolgate.key })));
    const readAll = async () => {
      let cursor: string | undefined;
      do {
        const params = cursor === undefined ? {} : { cursor };
        const text = await send({ method: "tools/list", params });
        cursor = /"nextCursor":"([^"]+)"/.exec(text)?.[1];
        if (cursor === undefined && !text.includes(last)) throw new Error("the list is cut off");
      } while (cursor !== undefined);
    };
    const readPage = () => send({ method: "tools/list" });
    const params = { name: last, arguments: { a: 1, b: 2 } };
    const call = async () => {
      const text = await send({ method: "tools/call", params });
      if (!text.includes('"sum":3')) throw new Error(`no sum in ${text.slice(0, 300)}`);
    };
    rows.push([count, await timed(readPage), await timed(readAll), await timed(call)]);
  }
  return {
    title: "By number of tools (stub database), ms",
    head: ["tools", "first page of tools/list", "all pages", "tools/call of the last"],
    rows,
  };
};
