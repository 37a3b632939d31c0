/**
 * The door for the functions that tools are bound to: the arguments that the server fills in, the handles that these arguments give,
 * and helpers for schemas.
 */
export { openText, sealText } from "../auth/carried";
export { inputHandle, type Elicited, type Input, type Sampled } from "../asking/handle";
export { isDate, isEmail } from "../base/formats";
export { inQuotes, isSeen, onOneLine, replaceUnseen } from "../base/plainText";
export { elicitation, roots, sampling } from "../asking/request";
export { keepZod } from "../catalog/keepZod";
export { withInputSchema } from "../catalog/ownSchema";
export { approvalValidator, type Approval, type Summary } from "../data/approval";
export {
  inputValidator,
  jobValidator,
  type InputArgument,
  type JobArgument,
} from "../data/arguments";
export { principalValidator, type Principal } from "../data/principal";
export { cancellation } from "../jobs/ends";
export { jobHandle, type Job } from "../jobs/handle";
export { isCursorError } from "../run/paging";
export { asUser, type AsUser, type Identified } from "../run/asUser";
export { checked } from "../fields/checked";
export { field } from "../fields/field";
export { read, type Read } from "../fields/read";
export { parseStrictJson } from "../wire/strictJson";
