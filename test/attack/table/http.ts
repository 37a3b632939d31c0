/** What is wrong before a message is read: method, path, origin, media types, versions, sizes. */
import { show, type Row } from "./row";

const methods: Row[] = ["GET", "HEAD", "PUT", "PATCH", "DELETE"].flatMap((method) =>
  ["/mcp", "/mcp/", "/mcp?key=1"].map((path) => ({ what: `${method} ${path}`, method, path })),
);

const paths: Row[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].flatMap((method) =>
  [
    ...["/mcp/x", "/mcp//", "/mcp/.well-known/openid-configuration"],
    ...["/.well-known/oauth-protected-resource/x", "/.well-known/openid-configuration"],
    ...["/.well-known/", "/.well-known/x%00"],
  ].map((path): Row => ({ what: `${method} ${path}`, method, path, keyless: true })),
);

const from = (header: string, values: readonly (string | undefined)[], more: Partial<Row> = {}) =>
  values.map((value): Row => ({
    what: `${header} ${value === undefined ? "missing" : show(value)}`,
    headers: { [header]: value },
    ...more,
  }));

const types = [
  ...["", "text/plain", "text/json", "text/html", "application/xml", "application/jsonl"],
  ...["application/json5", "application/json-rpc", "application/ld+json", "application/*", "*/*"],
  ...["json", "/json", "application/", "application/json, text/plain", "application / json"],
  ...["application/json; charset=utf-16", "application/json; charset=latin1", "text/event-stream"],
  ...["multipart/form-data; boundary=x", "x".repeat(3000), 'application/json; charset="utf-8'],
];

const accepts = [
  ...["text/html", "text/plain", "application/xml", "image/*", "application/jsonp", "json"],
  ...["application/json;q=0", "*/*;q=0", "application/json;q=0, text/event-stream;q=0.000"],
  ...["text/event-streams", "text/html, application/xhtml+xml", "application/json-seq"],
];

const versions = [
  ...["v1", "2024-11-05", "2025-11-26", "2026-07-28x", "2025-11-25, 2025-06-18", "latest", "0"],
  ...["2025-06-18,2026-07-28", "2025-11-25;2025-11-25", "9999-99-99", "*", "2025-11-25 2025-11-25"],
  ...["x".repeat(3000), "toString", "2025-11-25,", "null", "%32025-11-25"],
];

const encodings = ["gzip", "br", "deflate", "zstd", "identity, gzip", "x", "*"];

const origins = [
  ...["null", "https://evil.example", "https://app.example.com.evil.example", "http://localhost"],
  ...["https://app.example.com/", "https://APP.example.com", "app.example.com", "file://", "*"],
  ...[
    "https://app.example.com, https://evil.example",
    "javascript:alert(1)",
    "data:,x",
    "https://",
  ],
];

const lengths = ["1048577", "1099511627776", "1".repeat(40)];

export const http: Record<string, readonly Row[]> = {
  "methods without a handler": methods,
  "paths with nothing there": paths,
  "media types": from("content-type", [undefined, ...types]),
  "what is accepted": from("accept", accepts),
  versions: from("mcp-protocol-version", versions),
  encodings: from("content-encoding", encodings),
  origins: from("origin", origins, { keyless: true }),
  lengths: from("content-length", lengths, { keyless: true }),
};
