/** Bytes that are no message. */
import { show, type Row } from "./row";

const GOOD = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: { a: [1] } });

const INVALID_UTF8 = [
  ...[[0xff], [0x80], [0xc0, 0xaf], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf]],
  ...[
    [0xf0, 0x9f, 0x98],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf8, 0x88, 0x80, 0x80, 0x80],
    [0xfe, 0xff],
  ],
];

const inserted = (at: number, bytes: readonly number[]): Uint8Array => {
  const good = new TextEncoder().encode(GOOD);
  return Uint8Array.from([...good.slice(0, at), ...bytes, ...good.slice(at)]);
};

const utf8 = INVALID_UTF8.flatMap((bytes) =>
  [0, 2, 12, GOOD.length].map((at): Row => ({
    what: `${bytes.map((byte) => byte.toString(16)).join(" ")} at ${at}`,
    body: inserted(at, bytes),
    names: "UTF-8",
  })),
);

const cuts = Array.from({ length: GOOD.length }, (_, length): Row => ({
  what: `cut after ${length}`,
  body: GOOD.slice(0, length),
  names: "Parse error",
}));

const deep = ["[", '{"a":'].flatMap((open) =>
  [64, 100, 5_000, 100_000].map((depth): Row => {
    const close = open === "[" ? "]" : "}";
    const nested = `${open.repeat(depth)}1${close.repeat(depth)}`;
    const body = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${nested}}}`;
    return { what: `${depth} times ${open}`, body, names: "nested" };
  }),
);

/** Each stands where a value of a member does. */
const VALUES = [
  ...["1e999", "-1e999", "NaN", "Infinity", "undefined", "01", "+1", ".5", "1.", "0x1", "1_000"],
  ...["'a'", "`a`", '"\\ud83d"', '"\\ude00\\ud83d"', '"\\u12"', '"\\x41"', '"\n"', '"\t"', "tru"],
  ...["[1,]", '{"a":1,}', "{a:1}", '{"a" 1}', "[1 2]", "/**/1", "1 // x", '{"__proto__":{}}'],
  ...[
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"":1,"":2}',
    '[{"b":[{"c":1,"c":1}]}]',
    '"\\ud800"',
  ],
];

const values = VALUES.map((value): Row => ({
  what: show(value),
  body: `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${value}}}`,
  names: "Parse error",
}));

const twice = ['"jsonrpc":"2.0"', '"id":1', '"method":"ping"', '"params":{}'].map(
  (member): Row => ({
    what: `twice ${member}`,
    body: `{"jsonrpc":"2.0","id":1,"method":"ping","params":{},${member}}`,
    names: "twice",
  }),
);

const controls = Array.from({ length: 32 }, (_, code): Row => ({
  what: `a bare U+00${code.toString(16).padStart(2, "0")}`,
  body: `{"jsonrpc":"2.0","id":1,"method":"pi${String.fromCharCode(code)}ng"}`,
  names: "Parse error",
}));

const around = ["", " ", "\n", "\ufeff", "\u00a0", "}", "x", "null{", ";", "\u0000"].map(
  (text): Row => ({
    what: `after ${show(text)}`,
    body: text.trim() === "" && text !== "\ufeff" && text !== "\u00a0" ? text : text + GOOD,
    names: "Parse error",
  }),
);

const MIB = 1024 * 1024;

const huge: Row[] = [
  { what: "1 MiB and a byte", body: GOOD.padEnd(MIB + 1), keyless: true, names: "1048576" },
  { what: "3 MiB", body: `"${"a".repeat(3 * MIB)}"`, keyless: true, names: "1048576" },
  { what: "200,000 values", body: `[${"1,".repeat(200_000)}1]`, names: "values" },
];

export const bodies: Record<string, readonly Row[]> = {
  "invalid UTF-8": utf8,
  "JSON that is cut": cuts,
  "values that are no JSON": [...values, ...twice, ...controls, ...around],
  "JSON that is too deep or too large": [...deep, ...huge],
};
