/** A client that answers what it is asked on its stream. */
import { ALL, accept } from "../support/askingApp";
import { post } from "../support/gate";
import { ask, type Heard } from "../support/streamClient";
import type { Probe } from "./app";
import { pause, persist, SENDS, toldBy, type Call } from "./client";

const session = async (probe: Probe, resent: () => void): Promise<Record<string, string>> => {
  const clientInfo = { name: "c", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: ALL, clientInfo };
  const session: { id?: string | null } = {};
  await persist(
    probe,
    async () => {
      const heard = await ask(probe.t, probe.key, "initialize", params);
      session.id = heard.headers.get("mcp-session-id");
      return heard;
    },
    resent,
  );
  return { "Mcp-Session-Id": session.id ?? "", "MCP-Protocol-Version": "2025-11-25" };
};

/** Answers the questions of a stream until that ends. */
const answerAll = async ({ t, key }: Probe, heard: Heard, headers: object, resent: () => void) => {
  const answered = new Set<unknown>();
  const stream = { isOver: false };
  void heard.ended.then(() => (stream.isOver = true));
  while (!stream.isOver) {
    const question = heard.messages.find(
      ({ method, id }) => method === "elicitation/create" && !answered.has(id),
    );
    await pause(5);
    if (question === undefined) continue;
    answered.add(question.id);
    const answer = { jsonrpc: "2.0", id: question.id, result: accept({ name: "Ann" }) };
    for (let sent = 1; sent < SENDS; sent++) {
      const { status } = await post(t, key, answer, headers as Record<string, string>);
      if (status !== 503) break;
      resent();
    }
  }
};

export const question: Call["send"] = async (probe, label, resent) => {
  const headers = await session(probe, resent);
  const params = { name: "found", arguments: { label } };
  const send = async () => {
    const heard = await ask(probe.t, probe.key, "tools/call", params, { headers });
    await answerAll(probe, heard, headers, resent);
    return heard;
  };
  return toldBy(await persist(probe, send, resent));
};
