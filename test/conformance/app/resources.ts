/** The resources that the suite reads. */
import { resource, type Resources } from "../../../src/registry/resources";
import type { Permission } from "./permissions";
import { internal } from "./server";

const { documents } = internal;

const reads = { permission: "fixture:read", principal: false } as const;

// prettier-ignore
export const resources: Resources<Permission> = {
  "test://static-text": () => resource(documents.staticText, { ...reads, name: "static text", description: "A text.", mimeType: "text/plain" }),
  "test://static-binary": () => resource(documents.staticBinary, { ...reads, name: "static binary", description: "An image.", mimeType: "image/png" }),
  "test://watched-resource": () => resource(documents.watched, { ...reads, name: "watched", description: "A text to subscribe to.", mimeType: "text/plain" }),
  "test://template/{id}/data": () => resource(documents.data, { ...reads, name: "template", description: "Data by id.", mimeType: "application/json" }),
};
