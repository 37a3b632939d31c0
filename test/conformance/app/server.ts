/** What `npx convex codegen` would write for this app: the builders, and its functions by name. */
import {
  anyApi,
  httpActionGeneric,
  internalActionGeneric,
  internalMutationGeneric,
  internalQueryGeneric,
  type ActionBuilder,
  type ApiFromModules,
  type DataModelFromSchemaDefinition,
  type FilterApi,
  type FunctionReference,
  type HttpActionBuilder,
  type MutationBuilder,
  type QueryBuilder,
} from "convex/server";
import type * as asking from "./asking";
import type * as documents from "./documents";
import type * as forms from "./forms";
import type * as long from "./long";
import type * as messages from "./messages";
import type schema from "./schema";
import type * as schemas from "./schemas";
import type * as short from "./short";
import type * as toggles from "./toggles";

type DataModel = DataModelFromSchemaDefinition<typeof schema>;

export const internalQuery: QueryBuilder<DataModel, "internal"> = internalQueryGeneric;
export const internalMutation: MutationBuilder<DataModel, "internal"> = internalMutationGeneric;
export const internalAction: ActionBuilder<DataModel, "internal"> = internalActionGeneric;
export const httpAction: HttpActionBuilder = httpActionGeneric;

type Modules = ApiFromModules<{
  asking: typeof asking;
  documents: typeof documents;
  forms: typeof forms;
  long: typeof long;
  messages: typeof messages;
  schemas: typeof schemas;
  short: typeof short;
  toggles: typeof toggles;
}>;

// Convex's own type, as its code generator writes it.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Internal = FilterApi<Modules, FunctionReference<any, "internal">>;

export const internal = anyApi as unknown as Internal;
