import { afterEach, expect, it, vi } from "vitest";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

/** The rules of the example auth, as a server reads them. */
async function rulesFor(users: object) {
  vi.stubEnv("PLAN_EXECUTE_USERS", JSON.stringify(users));
  const { auth } = await import("../../graphs/shared/auth.js");
  return auth["~handlerCache"].callbacks ?? {};
}

it("refuses to users whatever none of its rules is about, such as crons", async () => {
  const rules = await rulesFor({ "token of ann": { identity: "ann" } });
  expect(Object.keys(rules).filter((name) => name.startsWith("crons"))).toEqual([]);
  const ask = (isAuthenticated: boolean) =>
    rules["*"]?.({
      event: "crons:search",
      resource: "crons",
      action: "search",
      value: {},
      permissions: [],
      user: { identity: "ann", display_name: "ann", permissions: [], is_authenticated: isAuthenticated },
    });
  expect(ask(true)).toBe(false);
  expect(ask(false)).toBe(true);
});
