/** Entries of the registry that must not compile. Checked by tsc. */
import type { FunctionReference, PaginationOptions } from "convex/server";
import type { Principal } from "../data/principal";
import type { InputArgument } from "../data/arguments";
import { completer } from "./resources";
import { tool, type Tools } from "./tools";

type Permission = "orders:read" | "orders:create";

declare const plain: FunctionReference<"mutation", "internal", { text: string }, null>;
declare const forCaller: FunctionReference<
  "mutation",
  "internal",
  { principal: Principal; text: string },
  null
>;
declare const read: FunctionReference<"query", "internal", { text: string }, null>;
declare const open: FunctionReference<"mutation", "public", { text: string }, null>;

declare const untyped: FunctionReference<"query", "internal", Record<string, never>>;
declare const any: FunctionReference<"query", "internal", { data: unknown; more?: never[] }>;
declare const ownInput: FunctionReference<"query", "internal", { input: string }>;
declare const ownJob: FunctionReference<"query", "public", { job: { title: string; dir: string } }>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any
declare const anyPrincipal: FunctionReference<"query", "public", { principal?: any }>;
declare const ownKey: FunctionReference<"mutation", "public", { idempotencyKey?: string }>;
declare const readKey: FunctionReference<"query", "internal", { idempotencyKey?: string }>;
declare const pages: FunctionReference<"query", "public", { paginationOpts: PaginationOptions }>;
declare const ownPages: FunctionReference<"query", "public", { paginationOpts: { from: number } }>;
declare const clashing: FunctionReference<
  "query",
  "public",
  { paginationOpts?: PaginationOptions; limit?: number }
>;
declare const nullable: FunctionReference<"query", "internal", { principal: Principal | null }>;
declare const trusting: FunctionReference<"query", "public", { principal?: Principal }>;
declare const asking: FunctionReference<"query", "public", { input: InputArgument | null }>;
declare const optional: FunctionReference<"query", "internal", { principal?: Principal }>;
declare const int64: FunctionReference<"query", "internal", { size?: bigint }>;
declare const bytes: FunctionReference<
  "query",
  "internal",
  { files: { data?: ArrayBuffer | null }[] }
>;

const reading = { permission: "orders:read", description: "" } as const;
const creating = { permission: "orders:create" } as const;
const write = { description: "", destructive: false, idempotent: false } as const;

const tools: Tools<Permission> = {
  plain: () => tool.mutation(plain, { permission: "orders:create", ...write }),
  forCaller: () =>
    tool.mutation(forCaller, { permission: "orders:create", principal: true, ...write }),
  read: () => tool.query(read, { permission: "orders:read", description: "" }),

  any: () => tool.query(any, reading),
  optional: () => tool.query(optional, { ...reading, principal: true }),

  // @ts-expect-error a function without args takes anything
  untyped: () => tool.query(untyped, reading),

  pages: () => tool.query(pages, { ...reading, paginated: true }),
  ownPages: () => tool.query(ownPages, reading),

  // @ts-expect-error clients ask for a page by cursor and limit
  forgottenPages: () => tool.query(pages, reading),

  // @ts-expect-error the function takes no page
  statedPages: () => tool.query(read, { ...reading, paginated: true }),

  // @ts-expect-error a client could not say which limit it means
  clashing: () => tool.query(clashing, { ...reading, paginated: true }),

  open: () => tool.mutation(open, { permission: "orders:create", ...write }),
  ownInput: () => tool.query(ownInput, reading),
  ownJob: () => tool.query(ownJob, reading),
  anyPrincipal: () => tool.query(anyPrincipal, reading),
  ownKey: () =>
    tool.mutation(ownKey, { permission: "orders:create", idempotencyKey: true, ...write }),
  readKey: () => tool.query(readKey, reading),
  nullable: () => tool.query(nullable, { ...reading, principal: true }),

  // @ts-expect-error an argument that is only named like the server's
  statedInput: () => tool.query(ownInput, { ...reading, input: true }),

  // @ts-expect-error the function takes the key too
  forgottenKey: () => tool.mutation(ownKey, { permission: "orders:create", ...write }),

  // @ts-expect-error the function takes no key
  statedKey: () => tool.mutation(plain, { ...creating, idempotencyKey: true, ...write }),

  // @ts-expect-error a union with the principal is the principal
  forgottenNullable: () => tool.query(nullable, reading),

  // @ts-expect-error anyone can call a public function and send a principal of their own
  trusting: () => tool.query(trusting, { ...reading, principal: true }),

  // @ts-expect-error so too if the line does not state it
  trustingUnstated: () => tool.query(trusting, reading),

  // @ts-expect-error nor may anyone send answers of their own
  asking: () => tool.query(asking, { ...reading, input: true }),

  // @ts-expect-error no client can send an int64
  int64: () => tool.query(int64, reading),

  // @ts-expect-error no client can send bytes, however deep
  bytes: () => tool.query(bytes, reading),

  // @ts-expect-error no such permission
  unknownPermission: () => tool.query(read, { permission: "orders:raed", description: "" }),

  // @ts-expect-error a tool without a permission
  noPermission: () => tool.query(read, { description: "" }),

  // @ts-expect-error a mutation is no query
  wrongKind: () => tool.query(plain, { permission: "orders:read", description: "" }),

  // @ts-expect-error the function takes a principal
  forgotten: () => tool.mutation(forCaller, { permission: "orders:create", ...write }),

  // @ts-expect-error the function takes no principal
  extra: () => tool.mutation(plain, { permission: "orders:create", principal: true, ...write }),

  // @ts-expect-error a mutation states what a repeated call does
  noHints: () => tool.mutation(plain, { permission: "orders:create", description: "" }),
};

declare const completes: FunctionReference<"query", "public", { value: string }, string[]>;

export const completers = [
  completer(completes, false),
  completer(nullable, true),

  // @ts-expect-error the query takes a principal
  completer(nullable, false),

  // @ts-expect-error a public query cannot take one
  completer(trusting, true),

  // @ts-expect-error so that it cannot be bound at all
  completer(trusting, false),
];

export default tools;
