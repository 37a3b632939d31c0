/** The types of the gate's own tables, whatever else the app's schema holds. */
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

export type GateDataModel = DataModelFromSchemaDefinition<typeof schema>;
export type Doc<Table extends TableNamesInDataModel<GateDataModel>> = DocumentByName<
  GateDataModel,
  Table
>;
export type GateTx = GenericMutationCtx<GateDataModel>;
export type GateQuery = GenericQueryCtx<GateDataModel>;
export type GateReader = GenericDatabaseReader<GateDataModel>;

/** What a query of any app with the gate's tables offers. */
export interface GateQueryCtx<Model extends GateDataModel> {
  readonly db: GenericDatabaseReader<Model>;
}

/** The gate's tables in an app's database: TypeScript does not see that the larger data model holds the smaller. */
export const gateReader = <Model extends GateDataModel>({ db }: GateQueryCtx<Model>): GateReader =>
  db as unknown as GateReader;

export type ActionCtx = GenericActionCtx<GenericDataModel>;

/** Where the record of a call is, and what it must match. */
export type IdempotencyRecord = Pick<Doc<"toolgateIdempotency">, "scope" | "key" | "fingerprint">;
