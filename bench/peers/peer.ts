/** What every server of the race must do: one tool that adds two numbers, under many names. */
import { z } from "zod";
import type { Era } from "../lib/mcpRequest";

/** A server as a function, as a Convex HTTP action would call it. */
export type Serve = (request: Request) => Promise<Response> | Response;

export interface Peer {
  readonly name: string;
  readonly eras: readonly Era[];
  /** The server with these tools, each of them an addition. */
  readonly serve: (tools: readonly string[]) => Serve | Promise<Serve>;
  /** The key to call with, if callers must show one. */
  readonly key?: string;
  /** What the answer to a call must hold; `plain` unless stated. */
  readonly answer?: (sum: number) => string;
}

export const DESCRIPTION = "Add two numbers and give back their sum, an exact one for integers.";

export const addInput = z.object({ a: z.number(), b: z.number() });

export const toolNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `add_${String(index).padStart(4, "0")}`);

export const plain = (sum: number): string => `"text":"${String(sum)}"`;

export const text = (value: number | string) => ({
  content: [{ type: "text" as const, text: String(value) }],
});

type Registered = (
  name: string,
  config: { description: string; inputSchema: typeof addInput },
  run: (args: z.infer<typeof addInput>) => Promise<ReturnType<typeof text>>,
) => unknown;

/** Registers the tools as both SDKs of the protocol's authors have it; their servers are classes of two packages. */
export const registerAll = (names: readonly string[], register: Registered): void => {
  const config = { description: DESCRIPTION, inputSchema: addInput };
  for (const name of names) register(name, config, async ({ a, b }) => text(a + b));
};
