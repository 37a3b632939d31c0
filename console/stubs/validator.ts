/** Stands for the validator that @rjsf/core imports and the console does not use: schemas are checked by `@cfworker/json-schema`. */
export default undefined;
