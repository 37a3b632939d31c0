/** What goes wrong with a command, and how it ends: refused by the server with 1, a wrong use with 2. */
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { newFolder, removeFolder } from "../../support/processes";
import { command } from "../command";
import { local } from "../local";
import { useLocalServer } from "../localServer";

const at = useLocalServer();

describe("what goes wrong", () => {
  test.each<[string, string[], string]>([
    ["an unknown key", ["keys", "get", "nope"], "not_found: "],
    ["an unknown permission", ["roles", "set", "x", "--add", "a:b"], "invalid_arguments: "],
    ["a time that is none", ["audit", "list", "--since", "noon"], "invalid_arguments: since"],
  ])("the server refuses %s: 1", async (_, line, reason) => {
    const { code, stdout, stderr } = await local(...line);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(new RegExp(`^${reason}`, "m"));
  });

  test.each<[string, string[], string]>([
    ["an unknown verb", ["keys", "drop"], "unknown command"],
    ["an unknown flag", ["keys", "list", "--all"], "unknown option"],
    ["a missing option", ["keys", "create", "--tenant", "acme"], "required option"],
    ["a missing argument", ["keys", "get"], "missing required argument"],
    ["nothing to revoke", ["keys", "revoke"], "either a keyId or --subject"],
    ["a key and a person", ["keys", "revoke", "k", "--subject", "ada"], "either a keyId"],
    ["a tenant of a key", ["keys", "revoke", "k", "--tenant", "acme"], "goes with --subject"],
    ["a limit of 0", ["keys", "list", "--limit", "0"], "Give a number from 1"],
    ["days that are none", ["keys", "rotate", "k", "--expires-days", "1.5"], "whole number"],
    ["an outcome that is none", ["audit", "list", "--outcome", "x"], "Allowed choices"],
    [
      "tools and all tools",
      ["keys", "update", "k", "--tools", "a", "--all-tools"],
      "cannot be used",
    ],
    [
      "constraints lifted and set",
      ["keys", "update", "k", "--no-constraints", "--constraint", "a.b<=1"],
      "cannot be used",
    ],
  ])("%s is a usage error: 2", async (_, line, reason) => {
    const { code, stdout, stderr } = await local(...line);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(reason);
  });

  test("no local server runs", async () => {
    const elsewhere = vi.spyOn(process, "cwd").mockReturnValue(tmpdir());
    const { code, stderr } = await local("keys", "list");
    elsewhere.mockReturnValue(at.folder());
    expect([code, stderr]).toEqual([1, expect.stringContaining("No local server runs")]);
  });

  test.each([
    "",
    "{",
    "null",
    "[]",
    '{"url":1,"pid":1,"startedAt":1}',
    '{"url":"http://127.0.0.1:1","pid":1,"startedAt":1,"admin":{}}',
    '{"url":"http://127.0.0.1:1","pid":1}',
  ])("a state file that holds %j names no server", async (text) => {
    const broken = await newFolder();
    await mkdir(path.join(broken, ".toolgate"));
    await writeFile(path.join(broken, ".toolgate", "local-1.json"), text);
    const elsewhere = vi.spyOn(process, "cwd").mockReturnValue(broken);
    const { code, stderr } = await local("keys", "list");
    elsewhere.mockReturnValue(at.folder());
    await removeFolder(broken);
    expect([code, stderr]).toEqual([1, expect.stringContaining("No local server runs")]);
  });

  test("help has examples and is no error", async () => {
    const { code, stdout } = await command(["keys", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("npx toolgate keys create --tenant acme");
    expect((await command(["keys", "get", "--help"])).stdout).toContain("npx toolgate keys get");
  });
});
