/** The least a server can do: parse, look the method up, answer. No check of anything. What nobody can beat by much. */
import { z } from "zod";
import { addInput, DESCRIPTION, text, type Peer, type Serve } from "./peer";

interface Message {
  readonly id: number;
  readonly method: string;
  readonly params: { readonly arguments: { readonly a: number; readonly b: number } };
}

const resultOf = ({ method, params }: Message, listed: object) =>
  method === "tools/list" ? listed : text(params.arguments.a + params.arguments.b);

export const floorServer = (tools: readonly string[]): Serve => {
  const inputSchema = z.toJSONSchema(addInput);
  const listed = { tools: tools.map((name) => ({ name, description: DESCRIPTION, inputSchema })) };
  return async (request) => {
    const message = JSON.parse(await request.text()) as Message;
    const answer = { jsonrpc: "2.0", id: message.id, result: resultOf(message, listed) };
    return new Response(JSON.stringify(answer), {
      headers: { "content-type": "application/json" },
    });
  };
};

export const floor: Peer = {
  name: "floor: a hand-written switch",
  packages: [],
  eras: ["2025"],
  serve: floorServer,
};
