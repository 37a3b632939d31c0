/** mcp-remote, which brings clients that speak only stdio to a URL: as a process, with the person at its link. */
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jsonSchemaValidator, serveApp } from "./app";
import { decide } from "./person";

const app = serveApp();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "toolgate-remote-"));
});
afterAll(() => rm(folder, { recursive: true }));

const PROGRAM = path.join(
  path.dirname(createRequire(import.meta.url).resolve("mcp-remote/package.json")),
  "dist/proxy.js",
);

const newTransport = () =>
  new StdioClientTransport({
    command: process.execPath,
    args: [PROGRAM, app.url.href, "--allow-http"],
    // Without a PATH it finds no browser to open, and prints the link.
    env: { PATH: folder, HOME: folder, MCP_REMOTE_CONFIG_DIR: folder },
    stderr: "pipe",
  });

/** Waits for the link that the program prints, and goes there. */
const followLink = async (transport: StdioClientTransport, key: string): Promise<void> => {
  let printed = "";
  for await (const chunk of transport.stderr as Readable) {
    printed += String(chunk);
    const link = /https?:\/\/\S+\/oauth\/authorize\?\S+/.exec(printed)?.[0];
    if (link === undefined) continue;
    await fetch(await decide(new URL(link), { key }));
    return;
  }
  throw new Error(`no link: ${printed}`);
};

test("connects by the URL alone, and the next time without a person", async () => {
  const list = async (key?: string): Promise<string[]> => {
    const transport = newTransport();
    const client = new Client({ name: "stdio", version: "1" }, { jsonSchemaValidator });
    const [{ tools }] = await Promise.all([
      client.connect(transport).then(() => client.listTools()),
      key === undefined ? undefined : followLink(transport, key),
    ]);
    await client.close();
    return tools.map(({ name }) => name);
  };
  const names = await list(app.key("viewer"));
  expect(names).toContain("customers_search");
  expect(names).not.toContain("customers_create");
  expect(await list()).toEqual(names);
});
