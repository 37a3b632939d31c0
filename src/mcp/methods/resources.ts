/** Answers resources/list, resources/templates/list and resources/read. */
import { authorize } from "../../auth/rights";
import { entriesOf } from "../../registry/entries";
import { findResource, isTemplate, type Resource } from "../../registry/resources";
import { titleOf } from "../../registry/titles";
import { ErrorCode, isObject, RpcError } from "../../wire/jsonrpc";
import { resourceNotFound } from "../refused";
import type { Exchange, Handle } from "../exchange";
import { inputRequired } from "../waiting/inputRequired";
import { paginate } from "./page";
import { read, valueOf } from "./read";

const visibleTo = (exchange: Exchange, wanted: (uri: string) => boolean): [string, Resource][] => {
  const { rights } = exchange;
  return entriesOf(exchange.app.resources ?? {}).filter(
    ([uri, resource]) =>
      wanted(uri) && authorize(rights, { kind: "resource", name: uri }, resource),
  );
};

/** What a view needs. Clients read it of the list or of the content: the content's counts. */
const metaOf = ({ ui }: Resource): object => (ui === undefined ? {} : { _meta: { ui } });

const described = (resource: Resource): object => ({
  name: resource.name,
  title: titleOf(resource.name, resource.title),
  description: resource.description,
  mimeType: resource.mimeType,
  ...metaOf(resource),
});

/**
 * Lists the resources with a fixed URI that the caller may use, one page.
 *
 * @throws RpcError -32602 for a wrong cursor
 */
export const listResources: Handle = (exchange) => {
  const visible = visibleTo(exchange, (uri) => !isTemplate(uri));
  const { items, ...next } = paginate(visible, ([uri]) => uri, exchange.message.params.cursor);
  const resources = items.map(([uri, one]) => ({ uri, ...described(one) }));
  return Promise.resolve({ resources, ...next });
};

/**
 * Lists the resource templates that the caller may use, one page.
 *
 * @throws RpcError -32602 for a wrong cursor
 */
export const listTemplates: Handle = (exchange) => {
  const visible = visibleTo(exchange, isTemplate);
  const { items, ...next } = paginate(visible, ([uri]) => uri, exchange.message.params.cursor);
  const resourceTemplates = items.map(([uriTemplate, one]) => ({ uriTemplate, ...described(one) }));
  return Promise.resolve({ resourceTemplates, ...next });
};

/**
 * Runs the query behind a resource and answers with its text or blob, or asks for input.
 *
 * @throws RpcError for a resource that does not exist (the code depends on the era), -32602 for what the app refuses, -32603 for a
 * fault or a resource that is too large.
 */
export const readResource: Handle = async (exchange) => {
  const { target } = exchange.call;
  const found = findResource(exchange.app.resources ?? {}, target?.name ?? "");
  if (target === undefined || found === undefined) throw new Error("No resource was admitted");
  const ended = await read(exchange, target, "{}");
  if (ended.state === "asked") return inputRequired(exchange, ended);
  const missing = ended.state === "failed" && ended.code === "not_found";
  const value = missing ? null : valueOf(ended);
  if (!isObject(value)) throw resourceNotFound(exchange.era, target.name);
  const { mimeType } = found.resource;
  if (typeof value.text !== "string" && typeof value.blob !== "string") {
    throw new RpcError(ErrorCode.InternalError, "The resource is too large to be sent");
  }
  const content = typeof value.text === "string" ? { text: value.text } : { blob: value.blob };
  return { contents: [{ uri: target.name, mimeType, ...content, ...metaOf(found.resource) }] };
};
