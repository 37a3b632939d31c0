/** Forms of a request that are good, though some of them look unusual. */

/** Content types that are JSON for certain. */
export const goodContentTypes = [
  "application/json",
  "Application/JSON",
  "application/json;charset=utf-8",
  "application/json; charset=utf-8",
  "Application/JSON; charset=utf-8",
  "application/json; charset=UTF-8",
  'application/json; charset="utf-8"',
  "application/json ; charset=utf-8",
  "application/json;",
  "application/json;charset=utf-8;v=1",
  "application/json, application/json",
  'application/json; x="a, b", application/json; x="a, b"',
  "application/json; profile=x; Charset=utf-8",
  'application/json; x="a;b, \\"c\\""; charset="UTF-8"',
  'application/json; charset="\\u\\t\\f-8"',
  "application/json;;; charset=utf-8 ; ",
  "\tapplication/json\t;\tv=1\t",
];

export const goodAccepts = [
  "application/json, text/event-stream",
  "text/event-stream, application/json",
  "application/json",
  "APPLICATION/JSON",
  "application/json;q=0.5",
  "application/json; charset=utf-8",
  "application/*",
  "*/*",
  "text/html, */*;q=0.1",
  'text/html;x="a, b", application/json',
  "text/html;x, application/json",
  ",, application/json ,",
  "application/json; q=1.0; x=y",
];
