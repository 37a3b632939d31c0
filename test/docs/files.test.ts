/** The documentation names only files, functions, commands and pages that exist. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { pages, proseOf, ROOT, scripts, type Page } from "./pages";

/** Files of other projects, and those that belong to a reader's own. */
const FOREIGN = [
  "udf-runtime/src/00_crypto.ts",
  ...[".cursor/mcp.json", ".mcp.json", "mcp.json", "plugin.json", "server.json"],
  ...[".claude-plugin/plugin.json", ".claude-plugin/marketplace.json"],
];

const IGNORED = ["node_modules", ".git", ".toolgate"];

const topLevel = readdirSync(ROOT).filter((name) => !IGNORED.includes(name));

const filesUnder = (folder: string): string[] =>
  statSync(path.join(ROOT, folder)).isDirectory()
    ? readdirSync(path.join(ROOT, folder)).flatMap((name) =>
        IGNORED.includes(name) ? [] : filesUnder(path.posix.join(folder, name)),
      )
    : [folder];

const allFiles = topLevel.flatMap(filesUnder);

const names = new Set(allFiles.map((file) => path.basename(file)));

/** A `*` stands for any part of a name. */
const isThere = (name: string): boolean => {
  const pattern = name.replace(/\./g, "\\.").replace(/\*/g, "[^/]*").replace(/\/$/, "/.*");
  return name.includes("/")
    ? allFiles.some((file) => new RegExp(`^${pattern}(/.*)?$`).test(file))
    : names.has(name);
};

/** Whether a text in backticks is meant as a file or folder of this repository. */
const isPath = (text: string): boolean => {
  if (!/^[\w.@*-]+(\/[\w.@*-]+)*\/?$/.test(text) || FOREIGN.includes(text)) return false;
  const isInFolder = text.includes("/") && topLevel.includes(text.split("/")[0]!);
  return isInFolder || /\.(ts|js|json|md)$/.test(text);
};

const pathsIn = (page: Page): string[] =>
  Array.from(proseOf(page).matchAll(/`([^`\n]+)`/g), ([, text = ""]) => text).filter(isPath);

/** As GitHub makes the anchor of a heading. */
const anchorsIn = (text: string): string[] =>
  Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );

const linksIn = (page: Page): string[] =>
  Array.from(proseOf(page).matchAll(/\]\(([^)\s]+)\)/g), ([, link = ""]) => link).filter(
    (link) => !/^https?:/.test(link),
  );

/** The file that a link leads to, from the root of the repository. */
const targetOf = ({ file }: Page, link: string): string => {
  const [to = ""] = link.split("#");
  return to === "" ? file : path.posix.join(path.posix.dirname(file), to);
};

const isDead = (page: Page, link: string): boolean => {
  const target = targetOf(page, link);
  const [, anchor] = link.split("#");
  if (!existsSync(path.join(ROOT, target))) return true;
  return (
    anchor !== undefined &&
    !anchorsIn(readFileSync(path.join(ROOT, target), "utf8")).includes(anchor)
  );
};

describe.each(pages.map((page) => [page.file, page] as const))("%s", (_file, page) => {
  test("names files and folders that exist", () => {
    expect(pathsIn(page).filter((name) => !isThere(name))).toEqual([]);
  });

  test("has no dead link", () => {
    expect(linksIn(page).filter((link) => isDead(page, link))).toEqual([]);
  });

  test("names functions of the app that exist", () => {
    const named = page.text.matchAll(/\b((?:erp|toolgate)\/\w+):(\w+)/g);
    for (const [whole, module = "", name = ""] of named) {
      const file = path.join(ROOT, "convex", `${module}.ts`);
      expect([whole, existsSync(file)]).toEqual([whole, true]);
      const exported = readFileSync(file, "utf8").matchAll(/export const (?:\{([^}]*)\}|(\w+))/g);
      const all = Array.from(exported, ([, several = "", one = ""]) => `${several},${one}`);
      expect([whole, all.join(",").split(/[\s,]+/)]).toEqual([
        whole,
        expect.arrayContaining([name]),
      ]);
    }
  });

  test("names commands that exist", () => {
    const named = page.text.matchAll(/npm run (?:-s )?([a-z][\w:]*)/g);
    const unknown = Array.from(named, ([, name = ""]) => name).filter((name) => !(name in scripts));
    expect(unknown).toEqual([]);
  });
});

test("the checks above look at something", () => {
  const architecture = pages.find(({ file }) => file === "docs/architecture.md")!;
  expect(pathsIn(architecture).length).toBeGreaterThan(40);
  expect(isThere("src/mcp/nothing.ts")).toBe(false);
  expect(isThere("nothing.ts")).toBe(false);
  expect(isThere("src/entry/*.ts")).toBe(true);
  expect(isDead(architecture, "nothing.md")).toBe(true);
  expect(isDead(architecture, "tools.md#nothing")).toBe(true);
});

test("the README leads to every page, and has at most 200 lines", () => {
  const [readme] = pages as [Page];
  const led = linksIn(readme).map((link) => targetOf(readme, link));
  const others = pages.slice(1).map(({ file }) => file);
  expect(led).toEqual(expect.arrayContaining(others));
  expect(readme.text.trimEnd().split("\n").length).toBeLessThanOrEqual(200);
});
