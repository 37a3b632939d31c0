/** `toolgate doctor` as a command: what it makes of URLs and options, what it prints, and how it ends. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { mintKey } from "../../src/auth/keyFormat";
import { streams } from "../../cli/doctor/checks/streams";
import type { Deployment } from "../../cli/doctor/deployment";
import { examine, type Examined } from "../../cli/doctor/examine";
import { command } from "./command";
import { LIMITS } from "../../cli/doctor/target";
import { newFolder, removeFolder, startJson, stopAll } from "../support/processes";

let folder: string;
let server: Awaited<ReturnType<typeof startJson>>;
let key: string;

beforeAll(async () => {
  folder = await newFolder();
  server = await startJson(folder);
  key = server.keyOf("accounting");
});

afterAll(async () => {
  await stopAll();
  await removeFolder(folder);
});

describe("URLs", () => {
  const reachOf = async (url: string) => {
    const [{ seen, todo }] = (await examine({ url: new URL(url) }, LIMITS)) as [Examined];
    return `${seen}\n${todo!}`;
  };

  test.each([
    ["https://otter-1.convex.cloud", "https://otter-1.convex.site/mcp"],
    ["https://otter-1.eu-west-1.convex.cloud/mcp", "https://otter-1.eu-west-1.convex.site/mcp"],
    ["https://otter.invalid/mcp", "no answer: E"],
    ["http://127.0.0.1:9/mcp", "no answer: "],
  ])("%s", async (url, told) => {
    expect(await reachOf(url)).toContain(told);
  });

  test.each([
    ["https://otter-1.eu-west-1.convex.site/mcp", "ok", undefined],
    ["https://erp.example/mcp", "skip", expect.stringContaining("TOOLGATE_STREAMS")],
    ["https://convex.site.example/mcp", "skip", expect.stringContaining("16 slots")],
  ])("%s: what is known of its slots", async (url, status, todo: unknown) => {
    const found = await streams.run({ target: { url: new URL(url) } } as unknown as Deployment);
    expect([found.status, found.todo]).toEqual([status, todo]);
  });

  test("without /mcp, or with TLS where there is none", async () => {
    const { origin } = new URL(server.url);
    expect(await reachOf(origin)).toContain(`The endpoint is at /mcp: ${server.url}`);
    expect(await reachOf(server.url.replace("http", "https"))).toContain("speaks no TLS");
  });
});

describe("the command", () => {
  const run = async (...line: string[]) => {
    const { code, stdout, stderr } = await command(["doctor", ...line]);
    const out = stdout + stderr;
    expect(out).not.toContain(key);
    return { code, out };
  };

  test("prints a line per check, takes the key from the environment, and ends with 0", async () => {
    vi.stubEnv("TOOLGATE_KEY", `${key}\n`);
    const { code, out } = await run(server.url);
    vi.unstubAllEnvs();
    const lines = out.split("\n");
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^ok    reach            HTTP 401 after \d+ ms$/);
    expect(lines).toContain("skip  long-stream      no tool named");
    expect(out).toMatch(/\n {6}A long tool may write.*--stream-tool/);
    expect(out).toMatch(/\n26 ok, 3 skip, 0 warn, 0 fail\n$/);
  });

  test("prints one JSON document, and ends with 1 after a fail", async () => {
    const { code, out } = await run(
      `${server.url}?v=2`,
      "--key",
      (await mintKey("test")).key,
      "--json",
    );
    expect(code).toBe(1);
    const { url, checks } = JSON.parse(out) as { url: string; checks: Examined[] };
    expect(url).toBe(server.url);
    expect(checks.find(({ name }) => name === "key")).toMatchObject({ status: "fail" });
  });

  test.each<[string, (key: string) => string[]]>([
    ["no URL", () => []],
    ["a URL that is none", () => ["happy-otter"]],
    ["another protocol", () => ["ftp://happy-otter.convex.site/mcp"]],
    ["the key for the URL", (secret) => [secret]],
    ["the key in the URL", (secret) => [`https://otter.convex.site/mcp?key=${secret}`]],
    ["the key as a second argument", (secret) => ["https://otter.convex.site/mcp", secret]],
    ["the key as a flag", (secret) => ["https://otter.convex.site/mcp", `--${secret}`]],
    ["a password in the URL", () => ["https://a:b@otter.convex.site/mcp"]],
    ["an unknown flag", () => ["https://otter.convex.site/mcp", "--all"]],
    ["arguments without a tool", () => ["https://otter.convex.site/mcp", "--arguments", "{}"]],
    [
      "arguments that are no object",
      () => [...["https://otter.convex.site/mcp", "--tool", "a", "--arguments", "[1]"]],
    ],
    [
      "arguments with a member twice",
      () => [...["https://otter.convex.site/mcp", "--tool", "a", "--arguments", '{"a":1,"a":2}']],
    ],
    [
      "arguments that are no JSON",
      () => [...["https://otter.convex.site/mcp", "--stream-tool", "a", "--stream-arguments", "{"]],
    ],
    [
      "arguments of a write without it",
      () => [...["https://otter.convex.site/mcp", "--write-arguments", "{}"]],
    ],
    ["an origin with a path", () => ["https://otter.convex.site/mcp", "--origin", "https://a/b"]],
  ])("%s is a usage error: 2", async (_, line) => {
    expect((await run(...line(key))).code).toBe(2);
  });

  test("help is no error", async () => {
    const { code, out } = await run("--help");
    expect(code).toBe(0);
    expect(out).toContain("npx toolgate doctor https://happy-otter-123.convex.site/mcp");
  });
});
