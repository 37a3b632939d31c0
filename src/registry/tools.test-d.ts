/** Entries of the registry that must not compile. Checked by tsc. */
import type { FunctionReference } from "convex/server";
import type { Principal } from "../data/principal";
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
declare const ownKey: FunctionReference<"query", "internal", { idempotencyKey?: string }>;
declare const optional: FunctionReference<"query", "internal", { principal?: Principal }>;
declare const int64: FunctionReference<"query", "internal", { size?: bigint }>;
declare const bytes: FunctionReference<
  "query",
  "internal",
  { files: { data?: ArrayBuffer | null }[] }
>;

const reading = { permission: "orders:read", description: "" } as const;
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

  // @ts-expect-error the server fills in an argument of this name
  ownInput: () => tool.query(ownInput, reading),

  // @ts-expect-error the gate keeps an argument of this name
  ownKey: () => tool.query(ownKey, reading),

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

  // @ts-expect-error a public function can be called past the gate
  public: () => tool.mutation(open, { permission: "orders:create", ...write }),

  // @ts-expect-error the function takes a principal
  forgotten: () => tool.mutation(forCaller, { permission: "orders:create", ...write }),

  // @ts-expect-error the function takes no principal
  extra: () => tool.mutation(plain, { permission: "orders:create", principal: true, ...write }),

  // @ts-expect-error a mutation states what a repeated call does
  noHints: () => tool.mutation(plain, { permission: "orders:create", description: "" }),
};

export default tools;
