/** Calls of one authenticated key, in both protocol eras, answered as JSON. */
import type { Drive, Send } from "./drive";
import { called, equal, json } from "./expect";
import { functions } from "./functions";
import { initialize, legacy, modern } from "./requests";
import type { Answer, Sent } from "./send";

type Request = (method: string, params: { name?: string; arguments?: object }) => Sent;

const namesIn = ({ tools }: Record<string, unknown>): unknown =>
  (tools as { name: string }[] | undefined)?.map(({ name }) => name);

const lists = (answer: Answer): void => {
  const result = json(answer);
  // The role may not use the last one of the catalog.
  equal("the list", namesIn(result), ["customers_search", "customers_create", "customers_import"]);
  called(answer, "mutation toolgate/gate:admit", "query toolgate/catalog:list");
};

const reads = (answer: Answer): void => {
  equal("the result", json(answer).structuredContent, { page: [{ name: "Ada" }] });
  called(answer, "mutation toolgate/gate:admit", "query toolgate/reading:read");
};

/** A write is one transaction with its admission. */
const writes = (answer: Answer): void => {
  equal("the result", json(answer).structuredContent, { customerId: "c1" });
  called(answer, "mutation toolgate/gate:admit");
};

const all = async (send: Send, request: Request): Promise<void> => {
  await send(functions, request("tools/list", {}), lists);
  const search = { name: "customers_search", arguments: { text: "Ada" } };
  await send(functions, request("tools/call", search), reads);
  const create = { name: "customers_create", arguments: { name: "Ada" } };
  await send(functions, request("tools/call", create), writes);
};

/** Shakes hands. Returns the session's id. */
export const handshake = async (send: Send): Promise<string> => {
  const { headers } = await send(functions, initialize(), (answer) => {
    equal("the revision", json(answer).protocolVersion, "2025-11-25");
    called(answer, "mutation toolgate/gate:admit");
  });
  return headers.get("mcp-session-id") ?? "";
};

export const calls: readonly Drive[] = [
  {
    name: "calls, 2025-11-25",
    run: async (send) => {
      const session = await handshake(send);
      await all(send, (method, params) => legacy(method, params, session));
    },
  },
  { name: "calls, 2026-07-28", run: (send) => all(send, modern) },
];
