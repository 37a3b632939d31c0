/** The door for the schema: `defineSchema({ ...toolgateTables, … })`. */
export { toolgateTables } from "../data/tables";
