/** `toolgate roles`: shows and changes the permissions of roles. */
import { Command, Option } from "commander";
import type { Role } from "../../src/operate/roles";
import { tellIdle } from "./idleApproval";
import { given, list } from "./options";
import { show, table } from "./print";
import { targetOf, withTarget, type TargetOptions } from "./target";

/** The column of approvals is there if some role has one. */
const roleTable = (roles: readonly Role[]): string => {
  const hasApproval = roles.some(({ approval }) => approval !== undefined);
  return table(
    ["role", ...(hasApproval ? ["approval"] : []), "permissions"],
    roles.map(({ name, permissions, approval = [] }) => [
      ...[name, ...(hasApproval ? [approval.join(", ")] : []), permissions.join(", ")],
    ]),
  );
};

const listRoles = new Command("list")
  .description("Roles and their permissions.")
  .action(async (options: TargetOptions) => {
    const run = await targetOf(options);
    const roles = await run<Role[]>("admin:listRoles", {});
    show(roles, options.json, roleTable);
    await tellIdle(
      run,
      roles.map(({ name, approval }) => ({ of: `role ${name}`, approval })),
    );
  });

interface Change {
  readonly permissions?: string[];
  readonly add?: string[];
  readonly remove?: string[];
  readonly approval?: string[] | false;
}

const setRole = new Command("set")
  .description("Make or change a role. It holds for all its keys from the next call on.")
  .argument("<name>")
  .addOption(
    new Option("--permissions <names>", "the whole new set, separated by commas")
      .argParser(list)
      .conflicts(["add", "remove"]),
  )
  .option("--add <names>", "permissions to add", list)
  .option("--remove <names>", "permissions to take away", list)
  .option("--approval <tools>", "somebody must approve their calls: names, or orders_*", list)
  .option("--no-approval", "nobody need approve what this role put under it")
  .action(
    async (
      name: string,
      { permissions, add, remove, approval, ...options }: Change & TargetOptions,
    ) => {
      const run = await targetOf(options);
      const under = approval === false ? null : approval;
      const args = given({ name, permissions, add, remove, approval: under });
      const role = await run<Role>("admin:setRole", args);
      show(role, options.json, () => roleTable([role]));
    },
  );

const EXAMPLES = `
Examples:
  npx toolgate roles list --local
  npx toolgate roles set sales --remove orders:cancel --prod
  npx toolgate roles set sales --approval 'orders_cancel,invoices_*' --prod
  npx toolgate roles set auditor --permissions orders:read,invoices:read,reports:read`;

/** Adds `roles` and its verbs. */
export const addRoles = (program: Command): void => {
  const roles = program.command("roles").description("Roles").addHelpText("after", EXAMPLES);
  for (const verb of [listRoles, setRole]) {
    roles.addCommand(withTarget(verb.copyInheritedSettings(roles)));
  }
};
