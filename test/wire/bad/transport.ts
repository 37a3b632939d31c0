/** HTTP: who asks, from where, in which form. Origin, Host and the size are judged before the key is. */
import { ping, show, type BadRequest } from "./row";

/** The allow-list that the origins below are tried against. */
export const ALLOWED = [
  "https://app.example.com",
  "https://intern.example.com:8443",
  "http://localhost:5173",
];

/** None of them is one of ALLOWED, whatever it looks like. */
export const hostileOrigins = [
  "null",
  "",
  "*",
  "undefined",
  "app.example.com",
  "//app.example.com",
  "https://",
  "https:app.example.com",
  "https:/app.example.com",
  "https:\\\\app.example.com",
  "https://app.example.com/",
  "https://app.example.com/mcp",
  "https://app.example.com?",
  "https://app.example.com#",
  "https://app.example.com.",
  "https://APP.example.com",
  "HTTPS://app.example.com",
  "https://app.example.com:443",
  "https://app.example.com:",
  "https://app.example.com:80",
  "https://app.example.com:8443",
  "https://app.example.com:0443",
  "https://intern.example.com",
  "https://intern.example.com:8444",
  "https://intern.example.com:18443",
  "http://app.example.com",
  "http://app.example.com:443",
  "ws://app.example.com",
  "wss://app.example.com",
  "ftp://app.example.com",
  "file://",
  "file:///etc/passwd",
  "data:text/html,x",
  "blob:https://app.example.com/9b1d",
  "filesystem:https://app.example.com/temporary/x",
  "javascript:alert(1)",
  "chrome-extension://app.example.com",
  "https://user@app.example.com",
  "https://user:secret@app.example.com",
  "https://@app.example.com",
  "https://app.example.com@evil.example",
  "https://app.example.com:443@evil.example",
  "https://app.example.com%40evil.example",
  "https://app.example.com%2eevil.example",
  "https://evil.example",
  "https://evil.example#https://app.example.com",
  "https://evil.example?https://app.example.com",
  "https://evil.example/https://app.example.com",
  "https://sub.app.example.com",
  "https://example.com",
  "https://xapp.example.com",
  "https://app.example.com.evil.example",
  "https://app-example.com",
  "https://appXexample.com",
  "https://app.example.co",
  "https://app.example.comm",
  "https://app.ex\u00e4mple.com",
  "https://app.xn--exmple-cua.com",
  "https://%61pp.example.com",
  "https://app.example.com, https://app.example.com",
  "https://app.example.com,https://evil.example",
  "https://app.example.com https://evil.example",
  "https://app.example.com;",
  "https://app.example.com\thttps://evil.example",
  "https://app\u00ad.example.com",
  "http://localhost",
  "http://localhost:5174",
  "https://localhost:5173",
  "http://localhost.:5173",
  "http://localhost.evil.example:5173",
  "http://evil.localhost:5173",
  "http://127.0.0.1:5173",
  "http://[::1]:5173",
  "http://127.1:5173",
  "http://0x7f000001:5173",
  "http://2130706433:5173",
  "http://0.0.0.0:5173",
  "http://[::ffff:127.0.0.1]:5173",
  "http://192.168.0.1:5173",
];

/** What a page whose name was rebound to loopback sends as Host, and other names that are not loopback. */
const foreignHosts = [
  "evil.example",
  "evil.example:3211",
  "127.0.0.1.evil.example",
  "localhost.evil.example:3211",
  "localhost.",
  "evil.localhost",
  "127.0.0.1:3211@evil.example",
  "127.0.0.1:3211, evil.example",
  "127.0.0.1:3211:80",
  "127.0.0.1/evil",
  "127.1",
  "127.0.0.2",
  "0.0.0.0:3211",
  "0x7f.0.0.1",
  "2130706433",
  "::1",
  "[::1",
  "[::ffff:127.0.0.1]:3211",
  "192.168.0.10:3211",
  "some.convex.site",
  "",
];

const forbidden = { status: 403, code: 403 } as const;

export const origins: BadRequest[] = hostileOrigins.map((origin) => ({
  what: `Origin ${show(origin)}`,
  headers: { origin },
  ...forbidden,
}));

/** For a deployment whose own site is loopback. */
export const hosts: BadRequest[] = [
  { what: "no Host", headers: { host: null }, ...forbidden },
  ...foreignHosts.map((host) => ({ what: `Host ${show(host)}`, headers: { host }, ...forbidden })),
];

const unsupported = { status: 415, code: 415 } as const;

const contentTypes: BadRequest[] = [
  null,
  "",
  "text/plain",
  "text/plain;charset=UTF-8",
  "text/json",
  "text/html",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/octet-stream",
  "application/xml",
  "application/javascript",
  "application/json5",
  "application/jsonl",
  "application/x-ndjson",
  "application/json-seq",
  "application/json-rpc",
  "application/vnd.api+json",
  "application/ld+json",
  "application",
  "application/",
  "application/*",
  "*/*",
  "json",
  "application/json, text/plain",
  "text/plain, application/json",
  "application/json, application/json",
  "text/plain; application/json",
  "text/plain;x=application/json",
  "application / json",
  "application/json charset=utf-8",
  "application/json; charset=utf-16",
  "application/json; charset=iso-8859-1",
  "application/json; charset=",
  "application/json; charset=utf-8, text/plain",
].map((type) => ({
  what: `Content-Type ${show(type)}`,
  headers: { "content-type": type },
  ...unsupported,
}));

const encodings: BadRequest[] = [
  "gzip",
  "deflate",
  "br",
  "zstd",
  "GZIP",
  "identity, gzip",
  "x",
].map((encoding) => ({
  what: `Content-Encoding ${encoding}`,
  headers: { "content-encoding": encoding },
  ...unsupported,
}));

const MIB = 1024 * 1024;

const sizes: BadRequest[] = [
  { what: "Content-Length of 1 MiB and a byte", headers: { "content-length": String(MIB + 1) } },
  { what: "Content-Length of 1 TiB", headers: { "content-length": "1099511627776" } },
  { what: "Content-Length beyond 2^64", headers: { "content-length": "1".repeat(40) } },
  { what: "1 MiB and a byte", body: JSON.stringify(ping).padEnd(MIB + 1) },
  {
    what: "5 MiB that claim 10 bytes",
    body: " ".repeat(5 * MIB),
    headers: { "content-length": "10" },
  },
].map((row) => ({ ...row, status: 413, code: 413 }));

const accepts: BadRequest[] = [
  "text/html",
  "text/plain",
  "application/xml",
  "image/*",
  "text/html, application/xhtml+xml",
  "application/jsonp",
  "application/json-seq",
  "text/event-streams",
  "json",
  "application/json;q=0",
  "application/json;q=0.000, text/event-stream;q=0",
  "*/*;q=0",
].map((accept) => ({ what: `Accept ${accept}`, headers: { accept }, status: 406, code: 406 }));

/** Told to good keys only, and nothing runs. */
export const forms: BadRequest[] = [...contentTypes, ...encodings, ...sizes, ...accepts];

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
];
