/** `toolgate console`: whom it takes a key from, what it says, and that it serves the page over a deployment. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { findAccess } from "../../cli/console/deployKey";
import { listen, type Door } from "../../cli/serve/listen";
import { command } from "../cli/command";
import { newFolder, removeFolder, running, stopAll } from "../support/processes";
import { spawn } from "node:child_process";

let folder: string;
let convex: Door;
const keys: (string | null)[] = [];

const MCP = "https://happy-otter-123.convex.site/mcp";

beforeAll(async () => {
  folder = await newFolder();
  convex = await listen({ host: "127.0.0.1", port: 0 }, async (request) => {
    keys.push(request.headers.get("authorization"));
    const { path: name } = (await request.json()) as { path: string };
    if (name === "gate/admin:describeApp")
      return Response.json({ status: "success", value: { name: "erp", mcpUrl: MCP } });
    if (name === "gate/admin:listRoles") return Response.json({ status: "success", value: [] });
    return new Response("No such function", { status: 400 });
  });
});
afterAll(async () => {
  await stopAll();
  await convex.close();
  await removeFolder(folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** As the environment of somebody who has set nothing. */
const clean = (env: Record<string, string> = {}) => {
  const names = ["CONVEX_DEPLOY_KEY", "CONVEX_SELF_HOSTED_URL", "CONVEX_SELF_HOSTED_ADMIN_KEY"];
  for (const name of names) vi.stubEnv(name, env[name]);
};

describe("the key", () => {
  test("is needed, and how to get one is said", async () => {
    clean();
    const { code, stderr } = await command(["console", "--url", convex.url]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/deploy key[^]*Settings[^]*CONVEX_DEPLOY_KEY[^]*--admin-key-stdin/);
  });

  test("of a deployment of one's own comes with its URL", async () => {
    clean({
      ...{
        CONVEX_SELF_HOSTED_URL: "http://127.0.0.1:3210/",
        CONVEX_SELF_HOSTED_ADMIN_KEY: "own|x",
      },
      CONVEX_DEPLOY_KEY: "prod:other|y",
    });
    expect(await findAccess({})).toEqual({ url: "http://127.0.0.1:3210", key: "own|x" });
  });

  test("with --prod must be of production", async () => {
    clean({ CONVEX_DEPLOY_KEY: "dev:happy-otter-123|secret" });
    const { code, stdout, stderr } = await command(["console", "--prod", "--url", convex.url]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("leave --prod out")]);
    expect(stdout + stderr).not.toContain("secret");
  });

  test.each(["convex.cloud", "ftp://x.convex.cloud", "nonsense", "http://x.convex.cloud"])(
    "goes to no %s: the URL is checked first",
    async (url) => {
      clean({ CONVEX_DEPLOY_KEY: "dev:happy-otter-123|secret" });
      const { code, stderr } = await command(["console", "--url", url]);
      expect([code, stderr]).toEqual([2, expect.stringContaining("https://<deployment>")]);
    },
  );

  test("on standard input says nothing of where it belongs", async () => {
    clean({ CONVEX_SELF_HOSTED_URL: "http://127.0.0.1:1", CONVEX_SELF_HOSTED_ADMIN_KEY: "own|x" });
    vi.spyOn(process, "stdin", "get").mockReturnValue(
      Readable.from(["prod:of-stdin|z\n"]) as never,
    );
    const { code, stderr } = await command(["console", "--admin-key-stdin"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("Give --url")]);
  });

  test("is looked for in .env.local too, and the environment counts more", async () => {
    const app = await mkdtemp(path.join(tmpdir(), "toolgate-env-"));
    await writeFile(path.join(app, ".env.local"), "CONVEX_DEPLOY_KEY=dev:of-the-file|x\n");
    vi.spyOn(process, "cwd").mockReturnValue(app);
    clean();
    expect((await findAccess({ url: convex.url })).key).toBe("dev:of-the-file|x");
    clean({ CONVEX_DEPLOY_KEY: "dev:of-the-shell|y" });
    expect((await findAccess({ url: convex.url })).key).toBe("dev:of-the-shell|y");
    await rm(app, { recursive: true });
  });
});

describe("without a URL Convex's own program is asked for it", () => {
  /** An `npx` that does as told; without a script there is none. */
  const withNpx = async (script?: string) => {
    const bin = await newFolder();
    if (script !== undefined)
      await writeFile(path.join(bin, "npx"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    clean({ CONVEX_DEPLOY_KEY: "dev:happy-otter-123|secret" });
    vi.stubEnv("PATH", bin);
    return findAccess({}).finally(() => removeFolder(bin));
  };

  test("and says it", async () => {
    const { url } = await withNpx('echo \'{"url":"https://happy-otter-123.convex.cloud"}\'');
    expect(url).toBe("https://happy-otter-123.convex.cloud");
  });

  test.each([
    ["does not start", undefined, /^Cannot run npx: /],
    ["fails", "echo 'Not authorized' >&2; exit 1", /^Not authorized\n`npx convex [^]*--url/],
    ["is killed", "kill -9 $$", /as --url\.$/],
    ["says something else", "echo '{}'", /^`npx convex function-spec` did not say [^]*--url/],
  ])("and what it says if it %s", async (_, script, why) => {
    await expect(withNpx(script)).rejects.toThrow(why);
  });
});

test("a deployment that has no such functions, or refuses the key, is named", async () => {
  clean({ CONVEX_DEPLOY_KEY: "dev:happy-otter-123|secret" });
  const line = ["console", "--url", convex.url, "--dir", "elsewhere"];
  const { code, stdout, stderr } = await command(line);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toBe(`${convex.url}: No such function\n`);
});

test("without a local server --local says how to start one", async () => {
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  const { code, stderr } = await command(["console", "--local"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("npm start")]);
});

test("serves the page, and runs functions with the key that nobody else sees", async () => {
  const main = new URL("../../cli/main.ts", import.meta.url).pathname;
  const tsx = new URL("../../node_modules/tsx/dist/loader.mjs", import.meta.url).href;
  const { PATH, HOME } = process.env;
  const args = ["--import", tsx, main, "console", "--url", convex.url, "--dir", "gate"];
  const child = spawn(process.execPath, [...args, "--port", "39217"], {
    ...{ cwd: folder, env: { PATH, HOME, CONVEX_DEPLOY_KEY: "dev:happy-otter-123|secret" } },
  });
  const served = await running(child, /#t=/);
  try {
    const { stdout } = served.output();
    const link = new URL(stdout.trim());
    expect(link.href).toMatch(/^http:\/\/127\.0\.0\.1:39217\/console#t=[\w-]{43}$/);
    const headers = { Authorization: `Bearer ${link.hash.slice(3)}` };
    const about = await fetch(new URL("/console/about", link), { headers });
    expect(await about.json()).toEqual({
      ...{ deployment: new URL(convex.url).host, kind: "dev", mcpUrl: MCP },
    });
    const body = JSON.stringify({ function: "admin:listRoles", args: {} });
    const json = { ...headers, "Content-Type": "application/json" };
    const roles = await fetch(new URL("/console/run", link), {
      method: "POST",
      headers: json,
      body,
    });
    expect(await roles.json()).toEqual({ value: [] });
    expect(new Set(keys)).toEqual(new Set(["Convex dev:happy-otter-123|secret"]));
    expect(stdout + served.output().stderr).not.toContain("secret");
  } finally {
    await served.stop();
  }
}, 60_000);
