/** The app that the suite asks, and the chain in front of it: the suite comes with one key and leaves streams open. */
import {
  apiKeyAuth,
  originCheck,
  rateLimit,
  rbac,
  streamBudget,
} from "../../../src/entry/middleware";
import { defineToolgate, type Toolgate } from "../../../src/entry/tools";
import { permissions, roles } from "./permissions";
import { prompts } from "./prompts";
import { resources } from "./resources";
import { tools } from "./tools";

export const app: Toolgate = defineToolgate({
  name: "toolgate-conformance",
  version: "0.1.0",
  instructions: "What the official conformance suite asks for.",
  ...{ permissions, roles, tools, resources, prompts },
});

export const chain = [
  originCheck(),
  streamBudget({ perKey: 16, perTenant: 24, perDeployment: 24 }),
  rateLimit({ scale: () => "1000" }),
  apiKeyAuth(),
  rbac(),
] as const;
