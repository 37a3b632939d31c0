/** Makes data of an error, so that the admission can tell a fault of the request, and only to a caller with a valid key. */
import { defined } from "../../base/defined";
import type { Fault } from "../../data/call";
import { ErrorCode, type RpcError } from "../../wire/jsonrpc";

/** The reasons in the audit log that say more than `malformed`, by the code of the error. */
const reasonOf = (code: number): string => {
  switch (code) {
    case ErrorCode.HeaderMismatch:
      return "header_mismatch";
    case ErrorCode.MethodNotFound:
      return "unknown_method";
    case 405:
      return "http_method";
    default:
      return "malformed";
  }
};

/** The fault that an error tells of. `wireOf` of refused.ts makes the same error of it again. */
export const malformed = ({ code, message, detail }: RpcError): Fault => {
  const { status, headers, data } = detail;
  const text = data === undefined ? undefined : JSON.stringify(data);
  return defined({
    kind: "malformed" as const,
    reason: reasonOf(code),
    ...{ code, message, status, data: text },
    headers: headers && { ...headers },
  });
};
