/** The types of the gate's own tables, whatever else the app's schema holds. */
import type {
  defineSchema,
  DataModelFromSchemaDefinition,
  DocumentByName,
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
