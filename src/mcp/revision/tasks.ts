/** Reads and writes the parts of a message that concern the tasks extension (SEP-2663). */
import { isObject, type JsonRpcMessage } from "../../wire/jsonrpc";
import { CAPABILITIES_KEY, TASKS_EXTENSION } from "./meta";

/** Whether the client declares the tasks extension in this very request. */
export const declaresTasks = ({ params }: JsonRpcMessage): boolean => {
  const capabilities = isObject(params._meta) ? params._meta[CAPABILITIES_KEY] : undefined;
  const extensions = isObject(capabilities) ? capabilities.extensions : undefined;
  return isObject(extensions) && isObject(extensions[TASKS_EXTENSION]);
};

/** The `data` of the error that tells a client that it lacks the extension. */
export const needsTasks = () => ({
  requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } },
});
