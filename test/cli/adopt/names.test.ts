/** How `toolgate add` names tools and permissions, and what it guesses of functions that write. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { permissionName, toolName } from "../../../cli/add/names";
import { hintsFor, isReading } from "../../../cli/add/verbs";
import { moduleIdentifier } from "../../../cli/edit/catalogLines";
import { parse } from "../../../cli/app/syntax";

const free = new Set<string>();

describe("the name of a tool", () => {
  test.each([
    ["contacts", "search", "contacts_search"],
    ["tasks", "createTask", "tasks_create"],
    ["tasks", "listTasks", "tasks_list"],
    ["stories", "getStory", "stories_get"],
    ["tasks", "getTaskComments", "tasks_get_comments"],
    ["deals", "byContact", "deals_by_contact"],
    ["userProfiles", "updateUserProfile", "user_profiles_update"],
    ["users", "getURLById", "users_get_url_by_id"],
    ["tickets/queries", "byStatus", "tickets_by_status"],
    ["erp/orders", "list", "orders_list"],
    ["functions/public", "list", "public_list"],
    ["search", "search", "search"],
    ["tasks", "default", "tasks"],
    ["tasks", "list_all", "tasks_list_all"],
    ["my-notes", "add2", "my_notes_add2"],
  ])("%s:%s is %s", (module, name, expected) => {
    expect(toolName(module, name, free)).toBe(expected);
  });

  test("a name that is taken gets the folder in front, and then a number behind", () => {
    const taken = new Set(["orders_list"]);
    expect(toolName("erp/orders", "list", taken)).toBe("erp_orders_list");
    taken.add("erp_orders_list");
    expect(toolName("erp/orders", "list", taken)).toBe("erp_orders_list_2");
    expect(toolName("orders", "list", taken)).toBe("orders_list_2");
  });

  test("whatever the names are: one that clients take, and no two alike", () => {
    const segment = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,30}$/);
    const functions = fc.array(
      fc.tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), segment),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(functions, (all) => {
        const taken = new Set<string>();
        for (const [module, name] of all) {
          const tool = toolName(module.join("/"), name, taken);
          expect(tool).toMatch(/^[a-z0-9_]{1,64}$/);
          expect(taken.has(tool)).toBe(false);
          taken.add(tool);
        }
      }),
    );
  });
});

test("permissions", () => {
  expect(permissionName("erp/userProfiles", "read")).toBe("user_profiles:read");
  expect(permissionName("tickets/mutations", "write")).toBe("tickets:write");
});

test("the table of docs/add.md is the one that is used", async () => {
  const text = await readFile(path.resolve(import.meta.dirname, "../../../docs/add.md"), "utf8");
  const rows = [...text.matchAll(/^\| (`.+`) +\| (yes|no) +\| (yes|no) +\|$/gm)];
  expect(rows.length).toBe(3);
  for (const [, verbs = "", destructive, idempotent] of rows)
    for (const [, verb = ""] of verbs.matchAll(/`(\w+)`/g))
      expect([verb, hintsFor("mutation", verb)]).toEqual([
        verb,
        { destructive: destructive === "yes", idempotent: idempotent === "yes" },
      ]);
});

test("what is not in the table is told in the safer way, and so is an action", () => {
  const safe = { destructive: true, idempotent: false };
  expect(hintsFor("mutation", "toggle")).toEqual(safe);
  expect(hintsFor("mutation", "")).toEqual(safe);
  expect(hintsFor("action", "create")).toEqual(safe);
  expect(hintsFor("action", "delete")).toEqual(safe);
  expect(hintsFor("action", "search")).toEqual({ destructive: false, idempotent: true });
  expect([isReading("query", "delete"), isReading("mutation", "get")]).toEqual([true, false]);
});

test("a module's name in the catalog is always an identifier that is free", () => {
  const taken = new Set(["app", "orders"]);
  expect(moduleIdentifier("erp/orders", taken)).toBe("erpOrders");
  expect(moduleIdentifier("orders", taken)).toBe("orders2");
  expect(moduleIdentifier("import", taken)).toBe("importModule");
  const segment = fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/);
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 3 }), (segments) => {
      const name = moduleIdentifier(segments.join("/"), taken);
      expect(taken.has(name)).toBe(false);
      expect(() => parse("a.ts", `import * as ${name} from "x";`)).not.toThrow();
    }),
  );
});
