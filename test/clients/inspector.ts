/**
 * `npm run inspector`: the command line of the MCP Inspector connects by the URL alone. It needs Node 22 and weighs 300 MB, so npm fetches
 * both for this run, and it is no part of `npm test`.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { startServer } from "../../local/server";
import { decide } from "./person";

const PACKAGES = ["node@22", "@modelcontextprotocol/inspector@2.12.0"];

const packages = PACKAGES.map((name) => `--package=${name}`);

const launch = (url: string, home: string) =>
  spawn(
    "npm",
    ["exec", "--yes", ...packages, "--", "inspector", "--cli", url, "--method", "tools/list"],
    {
      env: {
        ...process.env,
        ...{ HOME: home, BROWSER: "none", MCP_AUTO_OPEN_ENABLED: "true" },
        MCP_INSPECTOR_SECRET_STORE: "memory",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );

/** Goes to the link that the program prints, and decides there. Then the program goes on. @returns what else it printed. */
const followLink = async (errors: AsyncIterable<unknown>, key: string): Promise<string> => {
  let heard = "";
  let isDecided = false;
  for await (const chunk of errors) {
    heard += String(chunk);
    const link = /http:\S+\/oauth\/authorize\?\S+(?=\s)/.exec(heard)?.[0];
    if (link === undefined || isDecided) continue;
    isDecided = true;
    await fetch(await decide(new URL(link), { key, access: "read" }));
  }
  return heard;
};

const listTools = async (url: string, key: string, home: string): Promise<string> => {
  const child = launch(url, home);
  const [printed, heard] = await Promise.all([text(child.stdout), followLink(child.stderr, key)]);
  if (printed === "") throw new Error(`The Inspector lists nothing: ${heard}`);
  return printed;
};

const home = await mkdtemp(path.join(tmpdir(), "toolgate-inspector-"));
const server = await startServer({ host: "127.0.0.1", port: 0 });
try {
  const { key } = server.keys.find(({ role }) => role === "admin")!;
  const { tools } = JSON.parse(await listTools(server.url, key, home)) as {
    tools: { name: string }[];
  };
  const names = tools.map(({ name }) => name);
  const isRight = names.includes("customers_search") && !names.includes("customers_create");
  console.log(
    `${isRight ? "ok" : "fail"}: the Inspector reads ${names.length} tools: ${names.join(", ")}`,
  );
  process.exitCode = isRight ? 0 : 1;
} finally {
  await server.close();
  await rm(home, { recursive: true, force: true });
}
