/** The demo app with its calls counted, and short ways to ask how an argument may go on. */
import { beforeEach } from "vitest";
import { rpc } from "../../support/gate";
import { newCountedBackend, newDemo } from "../../support/demoApp";

export const calls: string[] = [];
export const { t, keys } = await newDemo(newCountedBackend(calls));

beforeEach(() => {
  calls.length = 0;
});

export const SKU = { type: "ref/resource", uri: "erp://products/{sku}" };
export const NUMBER = { type: "ref/resource", uri: "erp://invoices/{number}" };
export const DUNNING = { type: "ref/prompt", name: "dunning_letter" };
export const REVIEW = { type: "ref/prompt", name: "order_review" };

export const complete = (key: string, ref: unknown, argument: unknown, backend = t) =>
  rpc(backend, key, "completion/complete", { ref, argument });

export const offered = async (
  key: string,
  ref: object,
  name: string,
  value: string,
  backend = t,
) => {
  const { json, text } = await complete(key, ref, { name, value }, backend);
  if (json.error !== undefined) throw new Error(text);
  return json.result!.completion as { values: string[]; hasMore?: boolean };
};
