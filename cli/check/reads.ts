/** What can be wrong with the lines of resources and prompts, and with other queries that the definition names. */
import { isTemplate, variableNames } from "../../src/registry/resources";
import type { App, AppFunction } from "../app/app";
import type { Definition } from "../app/definition";
import { membersOf, type Entry } from "../app/entries";
import { faultsOfNamed, functionBehind, missing } from "./functions";
import type { Fault } from "./report";

/** An argument that clients send, and whether they may leave it out. */
interface Sent {
  readonly name: string;
  readonly optional: boolean;
  readonly complete?: unknown;
}

const sentByUri = ({ name: uri, complete }: Entry): Sent[] =>
  (isTemplate(uri) ? variableNames(uri) : []).map((name) => ({
    ...{ name, optional: false, complete: membersOf(complete)[name] },
  }));

const sentByPrompt = ({ arguments: stated }: Entry): Sent[] =>
  Object.entries(membersOf(stated)).map(([name, one]) => {
    const { required, complete } = membersOf(one);
    return { name, optional: required !== true, complete };
  });

/** Argument → whether it may be left out; undefined for a function that declares none. */
const argumentsOf = ({ args }: AppFunction): ReadonlyMap<string, boolean> | undefined => {
  const { type, value } = membersOf(JSON.parse(args));
  if (type !== "object") return undefined;
  return new Map(
    Object.entries(membersOf(value)).map(([name, one]) => [name, membersOf(one).optional === true]),
  );
};

const lacks = (name: string, argument: string): Omit<Fault, "where"> =>
  /^(?:principal|input)$/.test(argument)
    ? {
        what: `${name} needs "${argument}", which its line does not state`,
        fix: `Write ${argument}: true in its line.`,
      }
    : {
        what: `${name} needs "${argument}", and a client need not send it`,
        fix: "Let its line require it, or declare it v.optional in the function.",
      };

const faultsOfArguments = (entry: Entry, fn: AppFunction, sent: readonly Sent[]): Fault[] => {
  const { name: where, function: name } = entry;
  const takes = argumentsOf(fn);
  if (takes === undefined) return [{ where, what: `${name} declares no args` }];
  const filled = ["principal", "input"].filter((one) => entry[one] === true);
  const given = [...sent, ...filled.map((one) => ({ name: one, optional: false }))];
  const unknown = given.filter((one) => !takes.has(one.name));
  const lacking = [...takes].filter(
    ([one, optional]) => !optional && !given.some((each) => each.name === one && !each.optional),
  );
  return [
    ...unknown.map((one) => ({
      where,
      what: `${name} takes no argument "${one.name}"`,
      fix: "Declare it in the function, or take it out of the line.",
    })),
    ...lacking.map(([one]) => ({ where, ...lacks(name, one) })),
  ];
};

const faultsOfRead = (app: App, dir: string, entry: Entry, sent: readonly Sent[]): Fault[] => {
  const { name: where, function: name } = entry;
  if (name.startsWith(`${dir}/`)) return [];
  const fn = functionBehind(app, name);
  if (fn === undefined) return [{ where, ...missing(app, name) }];
  if (fn.kind !== "query")
    return [{ where, what: `${name} is a ${fn.kind}, and it must be a query` }];
  const unsent = Object.keys(membersOf(entry.complete)).filter(
    (one) => !sent.some((each) => each.name === one),
  );
  const completers = sent.flatMap(({ name: one, complete }) =>
    complete === undefined ? [] : [[one, String(membersOf(complete).ref)] as const],
  );
  return [
    ...faultsOfArguments(entry, fn, sent),
    ...unsent.map((one) => ({ where, what: `it completes "${one}", which its URI does not have` })),
    ...completers.flatMap(([one, ref]) => faultsOfNamed(app, where, `completer of "${one}"`, ref)),
  ];
};

const faultsOfAppQueries = (app: App, { dir, named }: Definition): Fault[] =>
  Object.entries(named).flatMap(([field, name]) =>
    field === "approvals.notify"
      ? faultsOfNamed(app, `${dir}/tools`, field, name, ["mutation", "action"])
      : faultsOfNamed(app, `${dir}/tools`, field, name),
  );

/** Finds what is wrong with all that the definition names beside its tools. */
export const faultsOfReads = (app: App, definition: Definition): Fault[] => {
  const { dir, resources, prompts } = definition;
  return [
    ...resources.flatMap((one) => faultsOfRead(app, dir, one, sentByUri(one))),
    ...prompts.flatMap((one) => faultsOfRead(app, dir, one, sentByPrompt(one))),
    ...faultsOfAppQueries(app, definition),
  ];
};
