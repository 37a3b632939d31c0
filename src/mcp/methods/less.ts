/** Tells a model how to ask a tool for less. */
import { fixedOn } from "../../auth/fixed";
import type { Exchange } from "../exchange";
import { runQuery } from "../glue";

interface Listed {
  readonly inputSchema: { readonly properties?: Readonly<Record<string, unknown>> };
}

/** The names of the arguments that the caller may send. */
const argumentsOf = async (exchange: Exchange, name: string): Promise<string[]> => {
  const all = await runQuery(exchange, "catalog:list", {});
  const text = all.find((one) => one.name === name)?.text ?? '{"inputSchema":{}}';
  const { properties = {} } = (JSON.parse(text) as Listed).inputSchema;
  const fixed = fixedOn(exchange.rights, { kind: "tool", name }) ?? {};
  return Object.keys(properties).filter((argument) => !Object.hasOwn(fixed, argument));
};

/** The usual names of arguments that say how much, and from where on. */
const AMOUNT = /^(?:limit|max|top|first|count|take|(?:page|batch)_?size|num_?(?:items|results))$/i;
const PLACE =
  /^(?:cursor|offset|skip|after|page|(?:next_?)?page_?token|start(?:ing)?_?(?:at|after))$/i;

/** The most arguments that are named. */
const MOST = 8;

const listed = (names: readonly string[]): string =>
  names.map((name) => `\`${name}\``).join(" or ");

const words = (names: readonly string[]): string => {
  const amounts = names.filter((name) => AMOUNT.test(name));
  const places = names.filter((name) => PLACE.test(name));
  const others = names.filter((name) => !amounts.includes(name) && !places.includes(name));
  const ways = [
    ...(amounts.length > 0 ? [`Send a smaller ${listed(amounts)}.`] : []),
    ...(places.length > 0 ? [`The rest comes by ${listed(places)}.`] : []),
    ...(others.length > 0 ? [`Narrow it by ${listed(others.slice(0, MOST))}.`] : []),
  ];
  return ways.length > 0 ? ways.join(" ") : "This tool takes no arguments: use another one.";
};

/**
 * Adds to the answer in place of a result that was too long what the tool takes to give less. Only such an answer asks the catalog.
 *
 * @param name - of the tool.
 */
export const withLess = async (
  exchange: Exchange,
  name: string,
  answer: object,
): Promise<object> => {
  const { content = [] } = answer as { readonly content?: readonly { readonly text: string }[] };
  const says = content.map(({ text }) => text).join("\n");
  const names = await argumentsOf(exchange, name).catch(() => undefined);
  if (names === undefined) return answer;
  return { ...answer, content: [{ type: "text", text: `${says} ${words(names)}` }] };
};
