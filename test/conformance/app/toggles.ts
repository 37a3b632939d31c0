/** Tools that change what their caller sees: each gives its role a permission, or takes it away. */
import { content, contentValidator } from "../../../src/registry/content";
import { principalValidator } from "../../../src/data/principal";
import type { Permission } from "./permissions";
import { internalMutation } from "./server";

const toggling = (permission: Permission) =>
  internalMutation({
    args: { principal: principalValidator() },
    returns: contentValidator(),
    handler: async (ctx, { principal }) => {
      const role = await ctx.db
        .query("toolgateRoles")
        .withIndex("by_name", (q) => q.eq("name", principal.role))
        .unique();
      if (role === null) throw new Error("The caller has no role");
      const others = role.permissions.filter((one) => one !== permission);
      const isHeld = others.length < role.permissions.length;
      await ctx.db.patch("toolgateRoles", role._id, {
        permissions: isHeld ? others : [...others, permission],
      });
      return content({ type: "text", text: isHeld ? "Taken away." : "Given." });
    },
  });

export const tools = toggling("fixture:extra_tool");

export const prompts = toggling("fixture:extra_prompt");
