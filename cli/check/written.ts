/** What can be wrong with the text of tools.ts and be lost once it is evaluated: a name that is written twice, and the wrong one of `api` and `internal`. */
import path from "node:path";
import type { App, AppFunction } from "../app/app";
import { fileOf } from "../app/modules";
import type { Project } from "../app/project";
import type { Syntax } from "../app/syntax";
import { definedPart } from "../edit/definition";
import { importOf, propertiesOf, readText, type Text, type Written } from "../edit/texts";
import { bare } from "../edit/tree";
import type { Fault } from "./report";

const placeOf = ({ root }: Project, { file }: Text, { loc }: Syntax): string => {
  const name = path.relative(root, file).split(path.sep).join("/");
  return `${name}:${loc?.start.line ?? 1}`;
};

/** An object has each key once, so the others are lost without a word. */
const faultsOfNames = (project: Project, kind: string, written: readonly Written[]): Fault[] =>
  [...new Set(written.map(({ name }) => name))].flatMap((where) => {
    const all = written.filter(({ name }) => name === where);
    if (all.length < 2) return [];
    const places = all.map(({ text, node }) => placeOf(project, text, node)).join(" and ");
    const what = `${places} each write a ${kind} of this name: only the last is there`;
    return [{ where, what, fix: "Give each a name of its own, or delete the lines before." }];
  });

/** The names of a member expression: `api.erp.orders.list`. Undefined for another expression. */
const chainOf = (node: Syntax): string[] | undefined => {
  if (node.type === "Identifier") return [String(node.name)];
  if (node.type !== "MemberExpression") return undefined;
  const before = chainOf(bare(node.object as Syntax));
  const { name, value } = node.property as { name?: string; value?: string };
  const last = node.computed === true ? value : name;
  return before && last !== undefined ? [...before, last] : undefined;
};

const isSyntax = (value: unknown): value is Syntax =>
  typeof value === "object" && value !== null && "type" in value;

/** The member expressions below a node, each as a whole. */
const membersBelow = (node: Syntax): [chain: string[], node: Syntax][] => {
  const chain = node.type === "MemberExpression" ? chainOf(node) : undefined;
  if (chain !== undefined) return [[chain, node]];
  return Object.values(node).flat().filter(isSyntax).flatMap(membersBelow);
};

const BUILDER = { query: "internalQuery", mutation: "internalMutation", action: "internalAction" };

const faultOfReference = (
  written: readonly string[],
  root: string,
  { module, name, kind, visibility }: AppFunction,
): Omit<Fault, "where"> | undefined => {
  if ((root === "api") === (visibility === "public")) return undefined;
  const right = visibility === "public" ? "api" : "internal";
  const write = `Write ${[right, ...written.slice(1)].join(".")}`;
  return {
    what: `it names ${written.join(".")}, and ${module}:${name} is ${visibility}`,
    fix: right === "api" ? `${write}, or make the function an ${BUILDER[kind]}.` : `${write}.`,
  };
};

/** At run time, `api` and `internal` are the same: a line that names the wrong one tells its reader who may call the function, and is wrong. */
const faultsOfReferences = (app: App, text: Text): Fault[] =>
  text.body.flatMap(membersBelow).flatMap(([chain, node]) => {
    const [local = "", ...rest] = chain;
    const { from = "", name: root = "" } = importOf(text, local) ?? {};
    if (!/(?:^|\/)_generated\/api(?:\.js)?$/.test(from)) return [];
    const fn = app.functions.find(
      ({ module, name }) => [...module.split("/"), name].join(".") === rest.join("."),
    );
    const fault = fn && faultOfReference(chain, root, fn);
    return fault === undefined ? [] : [{ where: placeOf(app.project, text, node), ...fault }];
  });

/** Finds what is wrong with the text of tools.ts in the folder `dir`, and of the modules whose entries it spreads. */
export const faultsOfText = (app: App, dir: string): Fault[] => {
  const { project } = app;
  const file = fileOf(project.convex, `${dir}/tools`);
  const text = file === undefined ? undefined : readText(file);
  if (text === undefined) return [];
  const parts = (["tool", "resource", "prompt"] as const).map((kind) => {
    const object = definedPart(text.body, `${kind}s`);
    return { kind, written: object === undefined ? [] : propertiesOf(text, object) };
  });
  const all = [text, ...parts.flatMap(({ written }) => written.map((one) => one.text))];
  const texts = new Map(all.map((one) => [one.file, one]));
  return [
    ...parts.flatMap(({ kind, written }) => faultsOfNames(project, kind, written)),
    ...[...texts.values()].flatMap((one) => faultsOfReferences(app, one)),
  ];
};
