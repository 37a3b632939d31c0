/** `npm start` from outside: what it prints, how it starts, and how it ends. */
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  bash,
  ended,
  launchServer,
  newFolder,
  removeFolder,
  running,
  startJson,
} from "../support/processes";
import { folder, rpc, send, server } from "./asked";

const stateFiles = () => readdir(path.join(folder, ".toolgate"));

describe("the line of --json", () => {
  test("has the endpoint, a key per tenant and role, and the operator's way in", () => {
    const { url, keys, admin } = server;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    expect(keys).toHaveLength(10);
    expect(new Set(keys.map(({ tenant, role }) => `${tenant} ${role}`)).size).toBe(10);
    expect(keys.every(({ key }) => key.startsWith("cvxmcp_test_"))).toBe(true);
    expect(admin!.url).toBe(url.replace(/mcp$/, "_local/run"));
    expect(server.output().stdout.match(/\n/g)).toHaveLength(1);
  });

  test("stands in .toolgate/ too, for this user only", async () => {
    const { url, admin } = server;
    const [name = ""] = await stateFiles();
    const file = path.join(folder, ".toolgate", name);
    const state = JSON.parse(await readFile(file, "utf8"));
    expect(state).toEqual({ url, admin, pid: expect.any(Number), startedAt: expect.any(Number) });
    expect(name).toBe(`local-${state.pid}.json`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});

describe("the banner", () => {
  test("has lines that work as they are", async () => {
    const place = await newFolder();
    const human = await running(launchServer(place, []), /Ctrl-C/);
    const { stdout } = human.output();
    const lines = stdout.match(/^curl .*$/gm)!;
    const answers = await Promise.all(lines.map(bash));
    const codes = answers.map(({ code, stderr }) => [code, stderr]);
    expect(codes).toEqual(Array(4).fill([0, ""]));
    const [tools, read, written, streamed] = answers.map((answer) => answer.stdout);
    expect(JSON.parse(tools!).result.tools.length).toBeGreaterThan(5);
    expect(JSON.parse(read!).result.structuredContent.items.length).toBeGreaterThan(0);
    expect(JSON.parse(written!).result.structuredContent.name).toBe("Ada Lovelace");
    expect(streamed).toMatch(/^: open\n\nevent: message\ndata: .*"notifications\/progress"/);
    expect(streamed).toMatch(/\ndata: .*"result":.*"period":"\d{4}-\d\d"/);
    const again = JSON.parse((await bash(lines[2]!)).stdout).result;
    expect(again.structuredContent).toEqual(JSON.parse(written!).result.structuredContent);
    const id = expect.stringMatching(/^[\da-f-]{36}$/) as string;
    expect(again._meta).toEqual({
      "toolgate/replayed": true,
      "toolgate/operation": id,
      "toolgate/original": JSON.parse(written!).result._meta["toolgate/operation"],
    });
    expect(stdout).toMatch(
      /^claude mcp add --transport http toolgate http:\/\/127\.0\.0\.1:\d+\/mcp$/m,
    );
    expect(stdout).toContain("in memory");
    expect(await human.stop("SIGINT")).toBe(0);
    await removeFolder(place);
  });
});

describe.concurrent("starting", () => {
  const attempt = (args: string[], env: Record<string, string>) =>
    ended(launchServer(folder, args, env));

  test("says so when the port is taken", async () => {
    const { port } = new URL(server.url);
    const { code, stdout, stderr } = await attempt(["--json"], { PORT: port });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(`Port ${port} is in use; set PORT to another one\n`);
  });

  test.each([
    ["a port out of range", [], { PORT: "65536" }, /^PORT must be a number from 0 to 65535/],
    ["an unknown flag", ["--jsn"], {}, /unknown option '--jsn'/],
  ])("refuses %s", async (_, args, env, reason) => {
    const { code, stdout, stderr } = await attempt(args, env);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(reason);
  });

  test("explains itself", async () => {
    const { code, stdout } = await attempt(["--help"], {});
    expect(code).toBe(0);
    expect(stdout).toContain("PORT");
  });

  test("on every interface warns, and has no operator's route", async () => {
    const place = await newFolder();
    const open = await startJson(place, { HOST: "0.0.0.0" });
    expect(open.admin).toBeUndefined();
    expect(open.output().stderr).toContain("Warning: other machines can reach");
    const here = open.url.replace("0.0.0.0", "127.0.0.1");
    const body = JSON.stringify({ function: "toolgate/admin:listKeys" });
    const { status } = await send(here, { path: "/_local/run", body });
    expect(status).toBe(404);
    expect((await rpc({ ...open, url: here }, "ping")).result).toEqual({});
    await open.stop();
    await removeFolder(place);
  });
});

describe("stopping", () => {
  test("removes its own file", async () => {
    expect(await server.stop("SIGINT")).toBe(0);
    expect(await stateFiles()).toEqual([]);
  });
});
