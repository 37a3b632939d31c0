/** The tasks extension, as far as a message speaks of it (SEP-2663). */
import { isObject, type JsonRpcMessage } from "../../wire/jsonrpc";
import { CAPABILITIES_KEY, TASKS_EXTENSION } from "./meta";

/** Whether the client says, in this very request, that it understands tasks. */
export const declaresTasks = ({ params }: JsonRpcMessage): boolean => {
  const capabilities = isObject(params._meta) ? params._meta[CAPABILITIES_KEY] : undefined;
  const extensions = isObject(capabilities) ? capabilities.extensions : undefined;
  return isObject(extensions) && isObject(extensions[TASKS_EXTENSION]);
};

/** The `data` of an error that says that the client lacks the extension. */
export const needsTasks = () => ({
  requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } },
});
