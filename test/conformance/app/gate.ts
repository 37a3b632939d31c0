/** The chain of checks, as in the ERP; the suite comes with one key and leaves streams open. */
import { admission, type Settings } from "../../../src/gate/admission";
import { apiKeyAuth } from "../../../src/middleware/apiKeyAuth";
import { originCheck } from "../../../src/middleware/originCheck";
import { rateLimit } from "../../../src/middleware/rateLimit";
import { rbac } from "../../../src/middleware/rbac";
import { streamBudget } from "../../../src/middleware/streamBudget";
import { internal, internalMutation } from "./server";
import { surface } from "./surface";

export const gate = [
  originCheck({
    allowedOrigins: () => process.env.TOOLGATE_ALLOWED_ORIGINS,
    siteUrl: () => process.env.CONVEX_SITE_URL,
  }),
  streamBudget({ perKey: 16, perDeployment: 24 }),
  rateLimit({ scale: () => "1000" }),
  apiKeyAuth({ peppers: () => process.env.TOOLGATE_PEPPERS }),
  rbac(),
] as const;

const settings: Settings = { registry: surface, functions: internal };

export const admit = internalMutation(admission(gate, settings));
