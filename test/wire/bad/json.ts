/**
 * Texts that are no JSON, or JSON that parsers read differently. The kinds of cases are those of nst/JSONTestSuite (`n_` and
 * `i_`); the cases are written anew.
 */
import { noJson } from "./noJson";
import { ping, show, type BadRequest } from "./row";

/** Valid by the grammar; refused since it means one thing here and another there. */
const ambiguous = [
  '{"a":1,"a":1}',
  '{"a":1,"\\u0061":2}',
  '{"a":1,"b":{},"a":2}',
  '{"a":{"b":1,"b":2}}',
  '[{"a":1,"a":2}]',
  '{"":1,"":2}',
  '{"a":1 , "a" :1}',
  '{"__proto__":1}',
  '{"__proto__":{"polluted":true}}',
  '{"a":{"__proto__":null}}',
  '{"\\u005f_proto__":1}',
  '"\\ud800"',
  '"\\udc00"',
  '"\\ud800\\ud800"',
  '"\\udc00\\ud800"',
  '"a\\uD83D"',
  '"\\uD83D\\u0041"',
  '{"\\ud800":1}',
  "1e400",
  "-1e400",
  "[1e309]",
  "9".repeat(400),
  "9007199254740993",
  "-9007199254740993",
  "12345678901234567890",
  '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}',
  '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"progressToken":12345678901234567890}}}',
  '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{"n":90071992547409930e-1}}}',
  `${"[".repeat(65)}${"]".repeat(65)}`,
  `${'{"a":'.repeat(65)}1${"}".repeat(65)}`,
  `[${"1,".repeat(100_000)}1]`,
  `[${'"",'.repeat(100_000)}""]`,
];

/** Bytes, a character each. */
const notUtf8: Record<string, string> = {
  "a lone FF": '"\xff"',
  "a lone continuation": '"\x80"',
  "an overlong slash, two bytes": '"\xc0\xaf"',
  "an overlong A": '"\xc1\x81"',
  "an overlong slash, three bytes": '"\xe0\x80\xaf"',
  "an overlong slash, four bytes": '"\xf0\x80\x80\xaf"',
  "an encoded high surrogate": '"\xed\xa0\x80"',
  "an encoded low surrogate": '"\xed\xbf\xbf"',
  "an encoded pair of surrogates (CESU-8)": '"\xed\xa0\xbd\xed\xb8\x80"',
  "beyond U+10FFFF": '"\xf4\x90\x80\x80"',
  "five bytes": '"\xf8\x88\x80\x80\x80"',
  "two of three bytes": '"\xe2\x82"',
  "three of four bytes": '"\xf0\x9f\x98"',
  "a lead byte before a bracket": '"\xc3("',
  "an invalid byte outside strings": "1 \xfe",
};

const bytes = (latin1: string): Uint8Array => Uint8Array.from(latin1, (c) => c.charCodeAt(0));

const [before, after] = ['{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":', "}}"];

const refused = { status: 400, code: -32700 } as const;

/** A text is no better as an argument of an otherwise good request than as the whole body. */
const bothWays = (texts: readonly string[]): BadRequest[] =>
  texts.flatMap((text) => [
    { what: `body ${show(text)}`, body: text, ...refused },
    { what: `argument ${show(text)}`, body: before + text + after, ...refused },
  ]);

const good = JSON.stringify(ping);

const utf16 = (text: string, isLittle: boolean): Uint8Array =>
  bytes(text.replace(/[^]/g, (c) => (isLittle ? `${c}\0` : `\0${c}`)));

const wholeBodies: BadRequest[] = [
  { what: "UTF-16LE", body: utf16(good, true) },
  { what: "UTF-16BE", body: utf16(good, false) },
  { what: "UTF-16LE with BOM", body: utf16(`\xff`, true) },
  { what: "BOM and a good request", body: `\ufeff${good}` },
  { what: "two BOMs", body: `\ufeff\ufeff${good}` },
  { what: "a good request and a NUL", body: `${good}\0` },
  { what: "two good requests", body: good + good },
  { what: "two good requests, a line each", body: `${good}\n${good}` },
  { what: "a good request, less its last byte", body: good.slice(0, -1) },
  { what: "half a good request", body: good.slice(0, good.length / 2) },
  { what: "id twice", body: '{"jsonrpc":"2.0","id":1,"method":"ping","id":2}' },
  { what: "method twice", body: '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}' },
  {
    what: "method twice, once escaped",
    body: '{"jsonrpc":"2.0","id":1,"method":"ping","\\u006dethod":"tools/call"}',
  },
  {
    what: "params twice",
    body: '{"jsonrpc":"2.0","id":1,"method":"ping","params":{},"params":{"a":1}}',
  },
  { what: "an SSE event", body: `event: message\ndata: ${good}\n\n` },
  { what: "a form", body: "jsonrpc=2.0&id=1&method=ping" },
  { what: "XML", body: '<?xml version="1.0"?><methodCall/>' },
  { what: "YAML", body: "jsonrpc: '2.0'\nid: 1\nmethod: ping\n" },
  { what: "JSON5", body: "{jsonrpc:'2.0',id:1,method:'ping'}" },
  { what: "a JSON text sequence", body: `\x1e${good}\n` },
  { what: "no body at all", body: new Uint8Array() },
].map((row) => ({ ...row, ...refused }));

const byteRows: BadRequest[] = Object.entries(notUtf8).flatMap(([name, text]) => [
  { what: `body with ${name}`, body: bytes(text), ...refused },
  { what: `argument with ${name}`, body: bytes(before + text + after), ...refused },
]);

/** Every one of them is -32700 with HTTP 400. */
export const jsonTexts: BadRequest[] = [
  ...bothWays(noJson),
  ...bothWays(ambiguous),
  ...byteRows,
  ...wholeBodies,
];
