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

const write = { description: "", destructive: false, idempotent: false } as const;

const tools: Tools<Permission> = {
  plain: () => tool.mutation(plain, { permission: "orders:create", ...write }),
  forCaller: () =>
    tool.mutation(forCaller, { permission: "orders:create", principal: true, ...write }),
  read: () => tool.query(read, { permission: "orders:read", description: "" }),

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
