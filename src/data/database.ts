/** The types of the gate's own tables, without the app's tables. */
import type {
  DataModelFromSchemaDefinition,
  defineSchema,
  DocumentByName,
  GenericActionCtx,
  GenericDatabaseReader,
  GenericDataModel,
  GenericMutationCtx,
  GenericQueryCtx,
  TableNamesInDataModel,
} from "convex/server";
import type { toolgateTables } from "./tables";

declare const schema: ReturnType<typeof defineSchema<typeof toolgateTables, true>>;

/** The data model of the gate's tables. */
export type GateDataModel = DataModelFromSchemaDefinition<typeof schema>;
/** A row of one of the gate's tables. */
export type Doc<Table extends TableNamesInDataModel<GateDataModel>> = DocumentByName<
  GateDataModel,
  Table
>;
/** The context of a mutation, a query, and the reader of either, as far as the gate's tables go. */
export type GateTx = GenericMutationCtx<GateDataModel>;
export type GateQuery = GenericQueryCtx<GateDataModel>;
export type GateReader = GenericDatabaseReader<GateDataModel>;

/** The context of a query in an app whose schema holds the gate's tables. */
export interface GateQueryCtx<Model extends GateDataModel> {
  readonly db: GenericDatabaseReader<Model>;
}

/** Narrows an app's database to the gate's tables. The cast is safe, but TypeScript cannot prove it. */
export const gateReader = <Model extends GateDataModel>({ db }: GateQueryCtx<Model>): GateReader =>
  db as unknown as GateReader;

/** The context of an action, which has no database. */
export type ActionCtx = GenericActionCtx<GenericDataModel>;

/** The scope and key that find the record of an earlier call, and the fingerprint that its arguments must match. */
export type IdempotencyRecord = Pick<Doc<"toolgateIdempotency">, "scope" | "key" | "fingerprint">;
