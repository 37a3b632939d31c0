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

export const text = (value: number | string) => ({
  content: [{ type: "text" as const, text: String(value) }],
});

export const plain = (sum: number): string => `"text":"${String(sum)}"`;

/** Of a server that answers with the tool's own result. */
export const structured = (sum: number): string => `"structuredContent":{"sum":${String(sum)}}`;

/** Of the servers that ask for one. */
export const KEY = "bench_0123456789abcdefghijklmnopqrstuvwxyz";

export const keyIn = ({ headers }: Request): string =>
  headers.get("authorization")?.slice("Bearer ".length) ?? "";
