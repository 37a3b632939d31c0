/** The list of tools of the ERP with its demo data, and a validator of JSON Schema. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { app } from "../../convex/toolgate/tools";
import { issueKey, newServer, type Backend } from "../support/gate";

export const { tools } = app;

export type Schema = Record<string, unknown>;

export interface Manifest {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Schema;
  readonly outputSchema: Schema;
  readonly annotations: Record<string, unknown>;
}

export const ajv = new Ajv2020({
  strict: true,
  allErrors: true,
  // Patterns of zod stand beside these; ajv only has to know the names.
  formats: { email: /^[^@\s]+@[^@\s]+$/, date: /^\d{4}-\d{2}-\d{2}$/ },
});

export let t: Backend;
export let key: string;
export let text: string;
export let manifest: Manifest[];
export const names = Object.keys(tools);
export const toolOf = (name: string) => manifest.find((tool) => tool.name === name)!;

/** The whole catalog as one text. */
export const listed = async (backend: Backend): Promise<string> => {
  const all = await backend.query(internal.toolgate.catalog.list, {});
  return `[${all.map((tool) => tool.text).join(",")}]`;
};

beforeAll(async () => {
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1000");
  t = await newServer({ demo: true });
  ({ key } = await issueKey(t));
  text = await listed(t);
  manifest = JSON.parse(text) as Manifest[];
});
