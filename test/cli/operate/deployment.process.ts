/** What commands hand to `npx convex run`, and what they make of its answers. */
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { newFolder, removeFolder } from "../../support/processes";
import { command } from "../command";

let folder: string;
beforeAll(async () => {
  folder = await newFolder();
  vi.spyOn(process, "cwd").mockReturnValue(folder);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await removeFolder(folder);
});

describe("a deployment", () => {
  /** An `npx` that keeps its arguments and then does as told. */
  const withNpx = async (script: string, line: string[]) => {
    const place = await newFolder();
    const bin = path.join(place, "bin");
    const record = path.join(place, "arguments");
    await mkdir(bin);
    const npx = path.join(bin, "npx");
    await writeFile(npx, `#!/bin/sh\nprintf '%s\\0' "$@" > ${record}\n${script}\n`);
    await chmod(npx, 0o755);
    vi.stubEnv("PATH", `${bin}:${process.env.PATH ?? ""}`);
    const result = await command(line);
    vi.unstubAllEnvs();
    const given = (await readFile(record, "utf8")).split("\0").slice(0, -1);
    await removeFolder(place);
    return { ...result, given };
  };

  test("is driven by npx convex run, arguments as they are", async () => {
    const name = "it's $(touch here); \"x\" & 'y'";
    const line = ["keys", "update", "k1", "--name", name, "--prod", "--env-file", "a b.env"];
    const { code, stdout, stderr, given } = await withNpx('echo \'{"keyId":"k1"}\'', [
      ...line,
      "--json",
    ]);
    const args = JSON.stringify({ keyId: "k1", name });
    expect(given).toEqual([
      "convex",
      "run",
      "--prod",
      "--env-file",
      "a b.env",
      "toolgate/admin:updateKey",
      args,
    ]);
    expect([code, JSON.parse(stdout)]).toEqual([0, { keyId: "k1" }]);
    expect(stderr).toBe("Target: npx convex run --prod --env-file a b.env\n");
  });

  const adminOf = async (line: string[]) =>
    (await withNpx("echo '[]'", ["roles", "list", ...line])).given[2];

  test("the glue lies where its admin.ts is, or where --dir says", async () => {
    const app = await newFolder();
    const put = async (file: string, text: string) => {
      await mkdir(path.join(app, path.dirname(file)), { recursive: true });
      await writeFile(path.join(app, file), text);
    };
    const elsewhere = vi.spyOn(process, "cwd").mockReturnValue(app);
    expect(await adminOf([])).toBe("toolgate/admin:listRoles");
    await put("convex/admin.ts", "export const ban = 1;");
    await put("convex/mcp/glue/admin.ts", "export const { a } = adminModule(app);");
    expect(await adminOf([])).toBe("mcp/glue/admin:listRoles");
    expect(await adminOf(["--dir", "other"])).toBe("other/admin:listRoles");
    await put("convex.json", '{"functions":"server/functions"}');
    await put("server/functions/agents/admin.ts", "export const { a } = adminModule(app);");
    expect(await adminOf([])).toBe("agents/admin:listRoles");
    await put("server/functions/second/admin.ts", "export const { a } = adminModule(app);");
    expect(await adminOf([])).toBe("toolgate/admin:listRoles");
    elsewhere.mockReturnValue(folder);
    await removeFolder(app);
  });

  test("is named by address, and its key is not shown", async () => {
    const address = ["--url", "http://127.0.0.1:1", "--admin-key", "very|secret"];
    const { given, stderr } = await withNpx("echo '[]'", ["roles", "list", ...address]);
    expect(given).toEqual(["convex", "run", ...address, "toolgate/admin:listRoles", "{}"]);
    expect(stderr).not.toContain("secret");
  });

  test("refuses with a ConvexError", async () => {
    const error = 'Uncaught ConvexError: {"code":"not_found","message":"keyId: no"}';
    const { code, stderr } = await withNpx(`echo '✖ Failed: ${error}' >&2; exit 1`, [
      ...["keys", "get", "k1"],
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("\nnot_found: keyId: no\n");
  });

  test("cannot be reached: shows why, and that --local exists", async () => {
    const { code, stderr } = await withNpx("echo 'No CONVEX_DEPLOYMENT set' >&2; exit 1", [
      ...["roles", "list"],
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("No CONVEX_DEPLOYMENT set");
    expect(stderr).toContain("--local");
  });
});
