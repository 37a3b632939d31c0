/** 1 KB to nearly 1 MiB of arguments, which is the largest body that is read. */
import { requestOf, textOf } from "../lib/mcpRequest";
import { isQuick, type Table } from "../lib/report";
import { floor } from "../peers/floor";
import { plain, type Peer } from "../peers/peer";
import { toolgate, toolgateWithoutKeys } from "../peers/toolgate";
import { timed } from "./timed";

const sizes = { "1 KB": 1_000, "32 KB": 32_000, "256 KB": 256_000, "1 MiB": 1024 * 1024 - 1024 };

/** Rows of some 100 bytes, as imports have them. */
const textsOf = (bytes: number): string[] =>
  Array.from({ length: Math.floor(bytes / 100) }, (_, row) =>
    `row ${String(row)} `.padEnd(97, "x"),
  );

const calling = async ({ serve, key, answer = plain }: Peer, bytes: number) => {
  const handle = await serve(["add"]);
  const expected = answer(3);
  const params = { name: "add", arguments: { a: 1, b: 2, rows: textsOf(bytes) } };
  return async () => {
    const ask = { era: "2025", method: "tools/call", params, key } as const;
    const text = await textOf(await handle(requestOf(ask)));
    if (!text.includes(expected)) throw new Error(`no ${expected} in ${text.slice(0, 300)}`);
  };
};

export const byArguments = async (): Promise<Table> => {
  const rows = [];
  for (const [name, bytes] of Object.entries(sizes)) {
    const rounds = isQuick ? 10 : 60;
    const times = [];
    for (const peer of [floor, toolgateWithoutKeys, toolgate])
      times.push(await timed(await calling(peer, bytes), rounds));
    rows.push([name, ...times]);
  }
  return {
    title: "By size of the arguments (stub database), ms per tools/call",
    head: ["arguments", "floor", "Toolgate, without keys", "Toolgate, all guards"],
    rows,
  };
};
