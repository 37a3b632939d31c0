/**
 * tools/list of very many tools: in pages, by cursors that tell nothing.
 *
 * @spec MCP 2025-11-25 server/utilities/pagination
 * @spec MCP 2026-07-28 server/utilities/pagination
 */
import { describe, expect, test } from "vitest";
import { issueKey, post, rpc } from "../support/gate";
import { manyTools, newApp } from "./app";

// Not what is tested here, and a sharded bucket may refuse before it is empty.
process.env.TOOLGATE_LIMIT_SCALE = "1000";

const SSE = "text/event-stream";

describe("very many tools", () => {
  interface Page {
    readonly tools: { name: string }[];
    readonly nextCursor?: string;
  }
  const registry = manyTools(600);

  const pagesFor = async (role: string) => {
    const app = await newApp(registry);
    const { key: ownKey } = await issueKey(app, { role });
    const readPage = async (cursor?: string) => {
      const reply = await rpc(app, ownKey, "tools/list", cursor === undefined ? {} : { cursor });
      return { ...reply, page: reply.json.result as unknown as Page };
    };
    const readAll = async () => {
      const pages: string[][] = [];
      let cursor: string | undefined;
      do {
        const { page } = await readPage(cursor);
        pages.push(page.tools.map(({ name }) => name));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return pages;
    };
    return { readPage, readAll };
  };

  test("come in pages of 250, each once, in the order of the registry, every time", async () => {
    const { readAll } = await pagesFor("admin");
    const pages = await readAll();
    expect(pages.map((page) => page.length)).toEqual([250, 250, 100]);
    expect(pages.flat()).toEqual(Object.keys(registry));
    expect(await readAll()).toEqual(pages);
  });

  test("pages are full even if half of the tools is hidden", async () => {
    const { readAll } = await pagesFor("viewer");
    const pages = await readAll();
    expect(pages.map((page) => page.length)).toEqual([250, 50]);
    expect(pages.flat()).toEqual(Object.keys(registry).filter((_, i) => i % 2 === 0));
  });

  test("exactly 250 are one page", async () => {
    const app = await newApp(manyTools(250));
    const { key: ownKey } = await issueKey(app);
    const { json } = await rpc(app, ownKey, "tools/list");
    expect((json.result as unknown as Page).tools).toHaveLength(250);
    expect(json.result).not.toHaveProperty("nextCursor");
  });

  test("none at all are an empty page", async () => {
    const app = await newApp({});
    const { key: ownKey } = await issueKey(app);
    expect((await rpc(app, ownKey, "tools/list")).json.result).toEqual({ tools: [] });
  });

  test.each([
    ["without its padding", btoa("tool_000").replace("=", "")],
    ["with white space", ` ${btoa("tool_000")}`],
    ["in another spelling of the name", btoa("%74ool_000")],
    ["that is no escaped text", btoa("%")],
    ["that is blank", " "],
    ["that is longer than any", btoa("t".repeat(4000))],
  ])("a cursor %s was not issued here", async (_what, cursor) => {
    const { readPage } = await pagesFor("admin");
    expect((await readPage(btoa("tool_000"))).page.tools[0]).toMatchObject({ name: "tool_001" });
    expect((await readPage(cursor)).json.error).toEqual({
      code: -32602,
      message: 'Invalid params: "cursor" was not issued by this server',
    });
  });

  test("are the same list as JSON, as an event and in a batch", async () => {
    const app = await newApp(manyTools(3));
    const { key: ownKey } = await issueKey(app);
    const list = { jsonrpc: "2.0", id: 7, method: "tools/list" };
    const asJson = await post(app, ownKey, list);
    expect(Object.keys(asJson.json.result as object)).toEqual(["tools"]);
    const asEvent = await post(app, ownKey, list, { accept: SSE });
    expect(asEvent.text).toContain(`\ndata: ${asJson.text}\n\n`);
    const inBatch = await post(app, ownKey, [list, list], { "mcp-protocol-version": "2025-03-26" });
    expect(inBatch.text).toBe(`[${asJson.text},${asJson.text}]`);
  });

  test("a cursor does not tell whether a hidden tool exists", async () => {
    const { readPage } = await pagesFor("viewer");
    const hidden = await readPage(btoa("tool_001"));
    const missing = await readPage(btoa("tool_999"));
    expect(hidden.text).toBe(missing.text);
  });
});
