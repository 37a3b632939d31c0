/** The least a server can do: parse, look the method up, answer. No check of anything. What nobody can beat by much. */
import { z } from "zod";
import { addInput, DESCRIPTION, text, type Peer } from "./peer";

export interface Message {
  readonly id: number;
  readonly method: string;
  readonly params: { name: string; arguments: { a: number; b: number } };
}

export const listed = (tools: readonly string[]): object => {
  const inputSchema = z.toJSONSchema(addInput);
  return { tools: tools.map((name) => ({ name, description: DESCRIPTION, inputSchema })) };
};

export const answerTo = ({ id }: Message, result: object): Response =>
  new Response(JSON.stringify({ jsonrpc: "2.0", id, result }), {
    headers: { "content-type": "application/json" },
  });

export const floor: Peer = {
  ...{ name: "floor: a hand-written switch", eras: ["2025"] },
  serve: (tools) => {
    const list = listed(tools);
    return async (request) => {
      const message = JSON.parse(await request.text()) as Message;
      if (message.method === "tools/list") return answerTo(message, list);
      const { a, b } = message.params.arguments;
      return answerTo(message, text(a + b));
    };
  },
};
