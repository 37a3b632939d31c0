/**
 * Records what functions ask of convex-test: which calls an HTTP action makes, and what each transaction reads and writes. It wraps
 * the calls that Convex's own client code makes (`Convex.syscall`), so it sees what a deployment would see, whoever wrote the code.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import {
  getFunctionName,
  httpActionGeneric,
  httpRouter,
  type FunctionReference,
  type HttpRouter,
  type PublicHttpAction,
} from "convex/server";

type Fields = Readonly<Record<string, unknown>>;

/** One bound of an index range, as Convex writes it: `Eq`, `Gt`, `Gte`, `Lt`, `Lte`. */
export interface Bound {
  readonly type: string;
  readonly fieldPath: string;
  readonly value: unknown;
}

/** A stretch of an index that a transaction looked at, with or without rows in it; all writes to it are conflicts. */
export interface ReadRange {
  readonly table: string;
  readonly index: string;
  readonly bounds: readonly Bound[];
}

/** A row as it was and as it became; one is empty if the row was new or was removed. */
export interface RowWrite {
  readonly table: string;
  readonly before: Fields;
  readonly after: Fields;
}

/** One `ctx.run*` of an HTTP action or action, with all that ran inside it. */
export interface Transaction {
  readonly kind: string;
  readonly name: string;
  readonly reads: ReadRange[];
  /** Rows that queries gave back; a row that was read twice counts twice. */
  rowsRead: number;
  readonly writes: RowWrite[];
  /** The nested functions, in order, and how much had been read and written when each began and ended. */
  readonly nested: Nested[];
  /** Rows by id, as last seen. */
  readonly rows: Map<string, Fields>;
}

export interface Nested {
  readonly name: string;
  readonly reads: readonly [number, number];
  readonly writes: readonly [number, number];
  readonly rowsRead: readonly [number, number];
}

/** What a request did so far, and the transaction that is running. */
interface Store {
  readonly calls: Transaction[];
  readonly transaction?: Transaction;
}

interface ConvexGlobal {
  readonly syscall: (op: string, json: string) => string;
  readonly asyncSyscall: (op: string, json: string) => Promise<string>;
  readonly jsSyscall: (op: string, args: object) => Promise<unknown>;
}

const storage = new AsyncLocalStorage<Store>();

interface Query {
  readonly source: {
    readonly type: string;
    readonly indexName?: string;
    readonly tableName?: string;
    readonly range?: readonly Bound[];
  };
}

const rangeOf = ({ source }: Query): ReadRange => {
  const [table = "", index = "by_creation"] = (source.indexName ?? source.tableName ?? "").split(
    ".",
  );
  return { table, index, bounds: source.range ?? [] };
};

const seen = (transaction: Transaction, rows: readonly (Fields | null)[]): void => {
  for (const row of rows) {
    if (row === null) continue;
    transaction.rowsRead++;
    transaction.rows.set(row._id as string, row);
  }
};

const byId = (table: string, id: string): ReadRange => ({
  table,
  index: "by_id",
  bounds: [{ type: "Eq", fieldPath: "_id", value: id }],
});

interface Args {
  readonly query?: Query;
  readonly table?: string;
  readonly id?: string;
  readonly value?: Fields;
  readonly name?: string;
  readonly reference?: string;
}

/** Notes one operation of a transaction, after it was done. */
const note = (transaction: Transaction, op: string, args: Args, result: unknown): void => {
  const { table = "", id = "", value = {} } = args;
  const before = transaction.rows.get(id) ?? {};
  switch (op) {
    case "1.0/get":
      transaction.reads.push(byId(table, id));
      seen(transaction, [result as Fields | null]);
      return;
    case "1.0/queryStreamNext":
      seen(transaction, [(result as { value: Fields | null }).value]);
      return;
    case "1.0/queryPage":
      if (args.query) transaction.reads.push(rangeOf(args.query));
      seen(transaction, (result as { page: Fields[] }).page);
      return;
    case "1.0/insert": {
      const after = { ...value, ...(result as { _id: string }) };
      transaction.rows.set(after._id, after);
      transaction.writes.push({ table, before: {}, after });
      return;
    }
    case "1.0/shallowMerge":
    case "1.0/replace":
    case "1.0/remove": {
      const merged = op === "1.0/shallowMerge" ? { ...before, ...value } : { _id: id, ...value };
      const after = op === "1.0/remove" ? {} : merged;
      transaction.rows.set(id, after);
      transaction.writes.push({ table, before: { _id: id, ...before }, after });
    }
  }
};

const begin = (kind: string, name: string): Transaction => ({
  ...{ kind, name, reads: [], rowsRead: 0, writes: [], nested: [], rows: new Map() },
});

const recordNested = async (transaction: Transaction, args: Args, run: () => Promise<string>) => {
  const counts = () =>
    [transaction.reads.length, transaction.writes.length, transaction.rowsRead] as const;
  const [reads, writes, rows] = counts();
  try {
    return await run();
  } finally {
    const [readsAfter, writesAfter, rowsAfter] = counts();
    transaction.nested.push({
      name: args.name ?? args.reference ?? "",
      reads: [reads, readsAfter],
      writes: [writes, writesAfter],
      rowsRead: [rows, rowsAfter],
    });
  }
};

const recordAsync = async (op: string, json: string, run: () => Promise<string>) => {
  const store = storage.getStore();
  const args = JSON.parse(json) as Args;
  // What is scheduled is none of this request's business any more.
  if (op === "1.0/schedule" || store === undefined) return storage.exit(run);
  const { transaction } = store;
  if (transaction === undefined) return run();
  if (op === "1.0/runUdf") return recordNested(transaction, args, run);
  const result = await run();
  note(transaction, op, args, JSON.parse(result));
  return result;
};

/** Starts to listen. Call it once, after the first backend was made. */
export const install = (): void => {
  const holder = globalThis as unknown as { Convex: ConvexGlobal };
  const original = holder.Convex;
  holder.Convex = {
    syscall: (op, json) => {
      const transaction = storage.getStore()?.transaction;
      const { query } = JSON.parse(json) as Args;
      if (op === "1.0/queryStream" && query) transaction?.reads.push(rangeOf(query));
      return original.syscall(op, json);
    },
    asyncSyscall: (op, json) => recordAsync(op, json, () => original.asyncSyscall(op, json)),
    jsSyscall: (op, args) => original.jsSyscall(op, args),
  };
};

type Run = (ref: FunctionReference<"query">, args: object) => Promise<unknown>;

const recording =
  (kind: string, run: Run): Run =>
  (ref, args) => {
    const store = storage.getStore();
    if (store === undefined) return run(ref, args);
    const transaction = begin(kind, getFunctionName(ref));
    store.calls.push(transaction);
    return storage.run({ ...store, transaction }, () => run(ref, args));
  };

type Handle = (
  ctx: Record<"runQuery" | "runMutation" | "runAction", Run>,
  request: Request,
) => unknown;

/** convex-test hands an HTTP action functions of its own, so these are recorded at the handler. */
const recordingAction = (action: PublicHttpAction): PublicHttpAction => {
  const handle = (action as unknown as { _handler: Handle })._handler;
  const recorded: Handle = (ctx, request) =>
    handle(
      {
        ...ctx,
        runQuery: recording("query", ctx.runQuery),
        runMutation: recording("mutation", ctx.runMutation),
        runAction: recording("action", ctx.runAction),
      },
      request,
    );
  return httpActionGeneric(recorded as never);
};

/** An app's `http` module whose HTTP actions are recorded. */
export const recordingRoutes = (http: HttpRouter): { default: HttpRouter } => {
  const routes = httpRouter();
  for (const [path, method, action] of http.getRoutes()) {
    const handler = recordingAction(action);
    if (path.endsWith("*")) routes.route({ pathPrefix: path.slice(0, -1), method, handler });
    else routes.route({ path, method, handler });
  }
  return { default: routes };
};

/** Runs `work` and gives back what it asked Convex for, in order. */
export const recorded = async <T>(
  work: () => Promise<T>,
): Promise<{ result: T; calls: readonly Transaction[] }> => {
  const calls: Transaction[] = [];
  const result = await storage.run({ calls }, work);
  return { result, calls };
};
