/** The parts of the console's page that need no browser: what it says, and what it asks for. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Key } from "../../console/api/functions";
import type { RoleMatrix } from "../../console/api/shapes";
import { endsText } from "../../console/parts/endsText";
import { distanceText, durationText, spanText } from "../../console/parts/spans";
import { clientLines, slugOf } from "../../console/screens/keys/clientLines";
import { changeOf, draftOf, EMPTY, newKeyOf } from "../../console/screens/keys/draft";
import { merged, roleEdits, toggled, type Edits } from "../../console/screens/roles/edits";

describe("spans of time", () => {
  test.each([
    [0, "0 s"],
    [59_999, "59 s"],
    [41 * 60_000 + 30_000, "41 min"],
    [23 * 3_600_000 + 12 * 60_000, "23 h 12 min"],
    [2 * 3_600_000, "2 h"],
    [50 * 3_600_000, "2 d 2 h"],
    [89 * 86_400_000 + 3_600_000, "89 d"],
  ])("%i ms are %s", (ms, text) => {
    expect(spanText(ms)).toBe(text);
  });

  test("what took long has no digits that mean nothing", () => {
    expect([12.4, 999, 1_234, 41_500, 200_000].map(durationText)).toEqual([
      ...["12 ms", "999 ms", "1.2 s", "41 s", "3 min"],
    ]);
  });

  test("what was and what will be", () => {
    const now = Date.parse("2026-11-29T14:00:00Z");
    expect([-3_000, -60_000, 3_600_000].map((away) => distanceText(now + away, now))).toEqual([
      ...["just now", "1 min ago", "in 1 h"],
    ]);
  });
});

test("what ends is counted in words, up to where the deployment stops to count", () => {
  const none = { streams: 0, jobs: 0, approvals: 0, connections: 0 };
  expect(endsText(none)).toBeUndefined();
  expect(endsText({ ...none, jobs: 1 })).toBe("1 running job");
  expect(endsText({ ...none, streams: 2, jobs: 1, approvals: 3 })).toBe(
    "2 open streams, 1 running job and 3 calls that wait for approval",
  );
  expect(endsText({ ...none, connections: 100 })).toBe("100 or more connections");
});

const key: Key = {
  ...{ keyId: "k", env: "live", name: "Sales", subject: "k", tenant: "acme", role: "sales" },
  ...{ status: "active", createdAt: "", expiresAt: "", tools: ["orders_list", "orders_confirm"] },
  constraints: { orders_confirm: { total: { max: 10 }, "lines.*.id": { oneOf: ["a", 5] } } },
  fixed: { orders_list: { status: "draft", limit: 5, tag: "5" } },
  approval: ["orders_*"],
};

describe("the form of a key", () => {
  test("that nobody has touched changes nothing", () => {
    expect(changeOf(draftOf(key), key)).toEqual({ keyId: "k" });
  });

  test("tells only what was changed, and null for what was taken away", () => {
    const draft = { ...draftOf(key), constraints: " \n", approval: [], tools: undefined };
    expect(changeOf({ ...draft, days: "30" }, key)).toEqual({
      ...{ keyId: "k", constraints: null, approval: null, tools: null, expiresInDays: 30 },
    });
  });

  test("reads its lines as the command line does", () => {
    const { constraints, fixed } = draftOf(key);
    const made = newKeyOf({ ...EMPTY, name: " Sales ", role: "sales", constraints, fixed });
    expect(made).toEqual({
      ...{ name: "Sales", role: "sales", expiresInDays: 90, env: "live" },
      ...{ constraints: key.constraints, fixed: key.fixed },
    });
    expect(() => newKeyOf({ ...EMPTY, fixed: "nonsense" })).toThrow("tool.argument=value");
  });
});

test("the lines for a client have its address and its key, and JSON where JSON belongs", () => {
  const all = clientLines(slugOf({ name: "Demo ERP!" }), "https://x.example/mcp", "cvxmcp_live_x");
  for (const { client, text } of all) {
    expect([client, text]).toEqual([client, expect.stringContaining("cvxmcp_live_x")]);
    expect(text).toMatch(/https:\/\/x\.example\/mcp/);
    expect(text).toMatch(client === "curl" ? /^curl/ : /demo-erp/);
    if (text.startsWith("{")) expect(() => JSON.parse(text) as unknown).not.toThrow();
  }
});

describe("changes of roles", () => {
  const tool = (name: string, permission: string) => ({
    ...{ name, title: name, permission, kind: "query" as const },
  });
  const matrix: RoleMatrix = {
    permissions: ["a", "b", "c"],
    roles: [
      { name: "one", permissions: ["a"], keys: 4 },
      { name: "two", permissions: ["b", "dropped"], keys: 0 },
    ],
    tools: [tool("a_read", "a"), tool("b_read", "b"), tool("b_write", "b")],
  };
  const NONE: Edits = new Map();
  const isHeld = ({ roles }: RoleMatrix, role: string, one: string): boolean =>
    roles.find(({ name }) => name === role)!.permissions.includes(one);
  const turn = (edits: Edits, role: string, one: string): Edits =>
    toggled(edits, role, one, isHeld(matrix, role, one));

  test("say what they open and close", () => {
    const edits = [
      ...(["one b", "one a", "two dropped"] as const).map(
        (cell) => cell.split(" ") as [string, string],
      ),
    ].reduce((all, [role, permission]) => turn(all, role, permission), NONE);
    expect(roleEdits(matrix, edits)).toEqual([
      {
        ...{ role: "one", add: ["b"], remove: ["a"], keys: 4 },
        ...{ opens: ["b_read", "b_write"], closes: ["a_read"] },
      },
      { role: "two", add: [], remove: ["dropped"], opens: [], closes: [], keys: 0 },
    ]);
  });

  test("undo themselves: a cell that is turned twice is as it was", () => {
    const cell = fc.tuple(fc.constantFrom("one", "two"), fc.constantFrom("a", "b", "c"));
    fc.assert(
      fc.property(fc.array(cell), (cells) => {
        const edits = cells.reduce((all, [role, one]) => turn(all, role, one), NONE);
        const odd = (role: string, one: string) =>
          cells.filter(([r, o]) => r === role && o === one).length % 2 === 1;
        const turned = roleEdits(matrix, edits).flatMap(({ role, add, remove }) =>
          [...add, ...remove].map((one) => `${role} ${one}`),
        );
        const expected = matrix.roles.flatMap(({ name }) =>
          matrix.permissions.filter((one) => odd(name, one)).map((one) => `${name} ${one}`),
        );
        expect(turned.sort()).toEqual(expected.sort());
      }),
    );
  });

  test("never turn into their opposite, whatever another operator changes meanwhile", () => {
    const edits = turn(turn(NONE, "one", "b"), "one", "a");
    const [one, ...others] = matrix.roles;
    const after: RoleMatrix = { ...matrix, roles: [{ ...one!, permissions: ["b"] }, ...others] };
    // What was wanted is there already.
    expect(roleEdits(after, edits)).toEqual([]);
    const half: RoleMatrix = { ...matrix, roles: [{ ...one!, permissions: [] }, ...others] };
    expect(roleEdits(half, edits)).toMatchObject([{ role: "one", add: ["b"], remove: [] }]);
  });
});

test("a list that another has changed keeps that, and takes what this operator has changed", () => {
  expect(merged(["a", "b"], ["a", "b", "theirs"], ["b", "mine"])).toEqual(["b", "theirs", "mine"]);
  expect(merged(["a"], [], ["a", "mine"])).toEqual(["mine"]);
  expect(merged([], ["both"], ["both"])).toEqual(["both"]);
});
